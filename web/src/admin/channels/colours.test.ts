import { expect, test } from "vitest";

import { contrast, isColour, OWN_ACCENT, OWN_DARK_ACCENT, ratio, READABLE, textOn } from "./colours";

test("contrast is that of WCAG", () => {
  expect(contrast("#000000", "#ffffff")).toBeCloseTo(21);
  expect(contrast("#ffffff", "#777777")).toBeCloseTo(4.48, 2);
  expect(contrast("#123456", "#123456")).toBe(1);
});

test("a ratio that is too low is never rounded up", () => {
  expect(ratio(4.48)).toBe("4.4 : 1");
  expect(ratio(21)).toBe("21.0 : 1");
});

test("there is readable text on every colour", () => {
  for (let grey = 0; grey < 256; grey++) {
    const colour = `#${grey.toString(16).padStart(2, "0").repeat(3)}`;
    expect(contrast(colour, textOn(colour))).toBeGreaterThanOrEqual(READABLE);
  }
  for (const own of [OWN_ACCENT, OWN_DARK_ACCENT]) expect(contrast(own, textOn(own))).toBeGreaterThanOrEqual(READABLE);
});

test("colours are six hexadecimal digits", () => {
  expect(["#0B6553", "#fff", "red", "#12345g"].map(isColour)).toEqual([true, false, false, false]);
});
