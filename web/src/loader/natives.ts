/**
 * The browser's own functions. A page may have replaced those of its prototypes, before or after the loader runs: these come
 * from an empty frame and work on the page's nodes. For the same reason the loader uses no method of arrays, no JSON and no
 * iteration.
 */

interface Realm {
  Reflect: { apply: typeof Reflect.apply };
  Element: typeof Element;
  Node: typeof Node;
  Document: typeof Document;
  EventTarget: typeof EventTarget;
}

export interface Natives {
  create<K extends keyof HTMLElementTagNameMap>(tag: K): HTMLElementTagNameMap[K];
  createSvg(tag: string): SVGElement;
  append(parent: Node, child: Node): void;
  set(element: Element, name: string, value: string): void;
  unset(element: Element, name: string): void;
  listen(target: EventTarget, type: string, listener: (event: never) => void, options?: boolean): void;
  shadow(host: Element): ShadowRoot;
}

export function natives(): Natives {
  const probe = document.createElement("iframe");
  probe.hidden = true;
  document.documentElement.appendChild(probe);
  const realm = (probe.contentWindow ?? window) as unknown as Realm;
  const { apply } = realm.Reflect;
  const { createElement, createElementNS } = realm.Document.prototype;
  const { appendChild } = realm.Node.prototype;
  const { attachShadow, setAttribute, removeAttribute } = realm.Element.prototype;
  const { addEventListener } = realm.EventTarget.prototype;
  probe.remove();
  return {
    create: (tag) => apply(createElement, document, [tag]) as never,
    createSvg: (tag) => apply(createElementNS, document, ["http://www.w3.org/2000/svg", tag]) as SVGElement,
    append: (parent, child) => void apply(appendChild, parent, [child]),
    set: (element, name, value) => void apply(setAttribute, element, [name, value]),
    unset: (element, name) => void apply(removeAttribute, element, [name]),
    listen: (target, type, listener, options) => void apply(addEventListener, target, [type, listener, options]),
    shadow: (host) => apply(attachShadow, host, [{ mode: "closed" }]) as ShadowRoot,
  };
}
