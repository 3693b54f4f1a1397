import { describe, expect, it } from "vitest";

import { contrast, parsed, variables } from "./colors";

const LIGHT = { surface: parsed("#ffffff")!, sunken: parsed("#edf1ec")! };
const DARK = { surface: parsed("#161f1c")!, sunken: parsed("#202b27")! };
const ACCENTS = ["#0b6553", "#ffd400", "#ffffff", "#000000", "#ff0000", "#7a5cff", "#8a8a8a"];

describe.each([
  ["light", LIGHT],
  ["dark", DARK],
] as const)("on a %s screen", (_, grounds) => {
  it.each(ACCENTS)("the colours that follow from %s can be read", (accent) => {
    const color = parsed(accent)!;
    const onAccent = contrast(color, [255, 255, 255]) >= 4.5 ? parsed("#ffffff")! : parsed("#000000")!;
    const made = variables(color, onAccent, grounds);
    const at = (name: string) => parsed(made[name]!)!;
    expect(contrast(at("--link"), grounds.surface)).toBeGreaterThanOrEqual(4.5);
    expect(contrast(at("--link"), grounds.sunken)).toBeGreaterThanOrEqual(4.5);
    expect(contrast(at("--on-soft"), at("--soft"))).toBeGreaterThanOrEqual(4.5);
    expect(contrast(at("--on-accent"), at("--accent-strong"))).toBeGreaterThanOrEqual(4.5);
  });
});

it("keeps an accent that can be read", () => {
  expect(variables(parsed("#0b6553")!, parsed("#ffffff")!, LIGHT)["--link"]).toBe("#0b6553");
});

it.each(["", "red", "#fff", "#12345g", "url(x)"])("takes %j for no colour", (text) => {
  expect(parsed(text)).toBeUndefined();
});
