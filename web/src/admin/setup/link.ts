/** One-time links: `/admin/#setup=…`, `#invitation=…`, `#reset=…`. */

export interface OneTimeLink {
  kind: "setup" | "invitation" | "reset";
  token: string;
}

const LINK = /^#(setup|invitation|reset)=([\w.~-]{1,200})$/;

/** The link of a fragment; undefined for any other fragment. */
export function linkOf(fragment: string): OneTimeLink | undefined {
  const [, kind, token] = LINK.exec(fragment) ?? [];
  return kind && token ? { kind: kind as OneTimeLink["kind"], token } : undefined;
}

/**
 * Reloads the page when a link comes into the address bar of a tab that shows the page already: the browser itself loads nothing.
 * The reloaded page takes the link, also from a user who is signed in.
 */
export function reloadForLinks(page: Pick<Window, "addEventListener" | "location">): void {
  page.addEventListener("hashchange", () => {
    if (linkOf(page.location.hash)) page.location.reload();
  });
}

/** Takes the link out of the address bar, so that it stays neither there nor in the history. */
export function takeLink(page: Pick<Window, "location" | "history">): OneTimeLink | undefined {
  const link = linkOf(page.location.hash);
  if (link) page.history.replaceState(null, "", "/admin/");
  return link;
}
