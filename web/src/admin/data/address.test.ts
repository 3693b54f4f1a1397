import { expect, test } from "vitest";

import { changed, pending } from "./address";

test("an empty value is left out of the address", () => {
  expect(changed(new URLSearchParams("q=boots&state=open"), { q: "", tag: "vip" }).toString()).toBe("state=open&tag=vip");
});

test.each([
  ["the router is behind: nothing is settled", ["", "q=s", "q=sh"], "", ["", "q=s", "q=sh"]],
  ["the router comes to one of them: the later ones may follow", ["", "q=s", "q=sh"], "q=s", ["q=s", "q=sh"]],
  ["it has the newest", ["", "q=s", "q=sh"], "q=sh", ["q=sh"]],
  ["it skipped one", ["q=s", "q=sh", "q=shi"], "q=shi", ["q=shi"]],
  ["a letter was typed and taken back", ["", "q=s", ""], "", [""]],
  ["a link, or Back: another address than ours", ["", "q=s"], "state=open", ["state=open"]],
])("%s", (_, ours, address, left) => {
  expect(pending(ours, address)).toEqual(left);
});
