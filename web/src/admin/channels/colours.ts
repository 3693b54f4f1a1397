/** Contrast of colours as WCAG 2.2 measures it. */

export const READABLE = 4.5;
/** Frontdesk's own accent, where a channel names none. */
export const OWN_ACCENT = "#0b6553";
export const OWN_DARK_ACCENT = "#63cdb2";

export function isColour(text: string): boolean {
  return /^#[0-9a-f]{6}$/i.test(text);
}

/** From 1 (the same) to 21 (black on white). */
export function contrast(one: string, other: string): number {
  const [darker, lighter] = [luminance(one), luminance(other)].sort((a, b) => a - b) as [number, number];
  return (lighter + 0.05) / (darker + 0.05);
}

/** White or black, whichever reads better on a colour. */
export function textOn(colour: string): string {
  return contrast(colour, "#ffffff") >= contrast(colour, "#000000") ? "#ffffff" : "#000000";
}

/** `4.6 : 1`, rounded down so that what is too low never looks readable. */
export function ratio(value: number): string {
  return `${(Math.floor(value * 10) / 10).toFixed(1)} : 1`;
}

function luminance(colour: string): number {
  const [red, green, blue] = [1, 3, 5].map((at) => linear(parseInt(colour.slice(at, at + 2), 16) / 255)) as [number, number, number];
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function linear(share: number): number {
  return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
}
