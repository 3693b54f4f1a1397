import { expect, it } from "vitest";

import { folded, folding } from "./folded";

it.each([
  ["Işık IŞIK İ", "isik isik i"],
  ["Søren Łukasz Đorđe Æthel Œuvre Þór Ħal Ŧ ð", "soren lukasz dorde aethel oeuvre thor hal t d"],
  ["Straße STRAẞE", "strasse strasse"],
  ["ΟΔΟΣ οδος", "οδοσ οδοσ"],
  ["Acme™ №5 ﬁn", "acmetm no5 fin"],
  ["مُحَمَّد שָׁלוֹם", "محمد שלום"],
  ["हिन्दी ภาษาไทยดี が", "हिन्दी ภาษาไทยดี が"],
  ["학교", "학교"],
  ["학교".normalize("NFD"), "학교"],
  ["\u0301\u0308", ""],
])("folds %s", (text, plain) => {
  expect(folded(text)).toBe(plain);
  expect(folding(text).text).toBe(plain);
  expect(folded(plain)).toBe(plain);
});

it("folds the same whether places are kept or not", () => {
  for (let first = 0; first < 0x10000; first += 1) {
    if (first >= 0xd800 && first < 0xe000) continue;
    const text = `a${String.fromCodePoint(first)}\u0301b`;
    if (folding(text).text !== folded(text)) expect(folding(text).text, first.toString(16)).toBe(folded(text));
  }
});

it("knows where each folded letter stood", () => {
  const { text, origin } = folding("\u0301xœe\u0301ﬁ");
  expect(text).toBe("xoeefi");
  expect([origin(0, 1), origin(1, 2), origin(2, 3), origin(3, 4), origin(5, 6)]).toEqual([
    [1, 2],
    [2, 3],
    [2, 3],
    [3, 5],
    [5, 6],
  ]);
});
