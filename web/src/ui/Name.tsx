/** Names and titles that other people chose: they must not turn the words around them. */

const CONTROLS = /[\u200e\u200f\u061c\u202a-\u202e\u2066-\u2069]/g;

/** A name without characters that change the direction of text. */
function plain(name: string): string {
  return name.replace(CONTROLS, "");
}

/** A name for use inside a sentence: first strong isolate … pop directional isolate. */
export function isolated(name: string): string {
  return `\u2068${plain(name)}\u2069`;
}

/** A name on the screen, in its own direction. */
export function Name({ children }: { children: string }) {
  return <bdi>{plain(children)}</bdi>;
}
