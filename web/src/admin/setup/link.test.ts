import { expect, test, vi } from "vitest";

import { linkOf, reloadForLinks, takeLink } from "./link";

test.each(["setup", "invitation", "reset"])("a fragment with %s is a link", (kind) => {
  expect(linkOf(`#${kind}=abc-DEF_123`)).toEqual({ kind, token: "abc-DEF_123" });
});

test.each(["", "#", "#setup=", "#other=abc", "#setup=a b", "#setup=<script>", "#setup=a#reset=b", `#setup=${"a".repeat(201)}`])("%j is none", (fragment) => {
  expect(linkOf(fragment)).toBeUndefined();
});

/** A tab whose address has this fragment. */
function tab(hash: string) {
  const events = new EventTarget();
  const location = { hash, reload: vi.fn() };
  const history = { replaceState: vi.fn(() => void (location.hash = "")) };
  const paste = (fragment: string) => {
    location.hash = fragment;
    events.dispatchEvent(new Event("hashchange"));
  };
  const page = { addEventListener: events.addEventListener.bind(events), location, history } as unknown as Window;
  return { page, location, history, paste };
}

test("a link that is pasted into an open tab reloads the page, which takes it out of the address bar", () => {
  const { page, location, history, paste } = tab("");
  reloadForLinks(page);
  expect(takeLink(page)).toBeUndefined();
  expect(history.replaceState).not.toHaveBeenCalled();
  paste("#reset=abc");
  expect(location.reload).toHaveBeenCalledOnce();
  expect(takeLink(page)).toEqual({ kind: "reset", token: "abc" });
  expect(history.replaceState).toHaveBeenCalledWith(null, "", "/admin/");
  expect(location.hash).toBe("");
});

test("another fragment leaves the page as it is", () => {
  const { page, location, paste } = tab("");
  reloadForLinks(page);
  paste("#main");
  paste("");
  expect(location.reload).not.toHaveBeenCalled();
});
