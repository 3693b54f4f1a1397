/** The colours of a business's chat: from one accent all that must go with it, each pair readable (WCAG 2.2 AA). Pure. */

export type Rgb = readonly [red: number, green: number, blue: number];

const MIN_TEXT = 4.5;

/** The colour of `#rrggbb`; undefined for anything else. */
export function parsed(text: string): Rgb | undefined {
  if (!/^#[0-9a-f]{6}$/i.test(text)) return undefined;
  return [1, 3, 5].map((at) => parseInt(text.slice(at, at + 2), 16)) as unknown as Rgb;
}

function written(color: Rgb): string {
  return `#${color.map((part) => Math.round(part).toString(16).padStart(2, "0")).join("")}`;
}

function luminance(color: Rgb): number {
  const [red, green, blue] = color.map((part) => {
    const share = part / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red! + 0.7152 * green! + 0.0722 * blue!;
}

/** From 1 (the same) to 21 (black on white). */
export function contrast(one: Rgb, other: Rgb): number {
  const [dark, light] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (light! + 0.05) / (dark! + 0.05);
}

function mixed(color: Rgb, other: Rgb, share: number): Rgb {
  return color.map((part, at) => part + (other[at]! - part) * share) as unknown as Rgb;
}

/** A colour, moved towards black or white until it can be read on all grounds. */
export function readable(color: Rgb, grounds: readonly Rgb[]): Rgb {
  const away: Rgb = luminance(grounds[0]!) > 0.18 ? [0, 0, 0] : [255, 255, 255];
  for (let share = 0; share < 1; share += 0.04) {
    const moved = mixed(color, away, share);
    if (grounds.every((ground) => contrast(moved, ground) >= MIN_TEXT)) return moved;
  }
  return away;
}

export interface Grounds {
  surface: Rgb;
  sunken: Rgb;
}

/** The CSS variables that follow from an accent and the colour of text on it. */
export function variables(accent: Rgb, onAccent: Rgb, { surface, sunken }: Grounds): Record<string, string> {
  const strong = mixed(accent, luminance(onAccent) > 0.18 ? [0, 0, 0] : [255, 255, 255], 0.14);
  const soft = mixed(surface, accent, 0.14);
  const link = readable(accent, [surface, sunken]);
  return {
    "--accent": written(accent),
    "--accent-strong": written(strong),
    "--on-accent": written(onAccent),
    "--soft": written(soft),
    "--on-soft": written(readable(link, [soft])),
    "--link": written(link),
  };
}
