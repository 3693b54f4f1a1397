import { expect, it } from "vitest";

import { enterOf, stepOf } from "./keys";

const key = (name: string, more: object = {}) => ({ key: name, isComposing: false, keyCode: 0, shiftKey: false, altKey: false, ctrlKey: false, metaKey: false, ...more });
const COMPOSING = [{ isComposing: true }, { keyCode: 229 }];
const CHORDS = [{ altKey: true }, { ctrlKey: true }, { metaKey: true }];

it("steps by arrows alone, outside of a composition", () => {
  expect(["ArrowDown", "ArrowUp", "Enter"].map((name) => stepOf(key(name)))).toEqual([1, -1, 0]);
  for (const more of [...COMPOSING, ...CHORDS, { shiftKey: true }]) expect(stepOf(key("ArrowDown", more))).toBe(0);
});

it("chooses by Enter alone, and sends where no list is open", () => {
  expect([enterOf(key("Enter"), true), enterOf(key("Enter"), false), enterOf(key("a"), true)]).toEqual(["choose", "send", undefined]);
  for (const open of [true, false]) for (const more of [...COMPOSING, { shiftKey: true }]) expect(enterOf(key("Enter", more), open)).toBeUndefined();
  for (const more of CHORDS) expect([enterOf(key("Enter", more), true), enterOf(key("Enter", more), false)]).toEqual([undefined, "send"]);
});
