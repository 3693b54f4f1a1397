/** Dresses the chat in its channel's colours, on light and on dark screens, and describes the launcher to the page. */

import { WidgetPosition } from "@contracts/channel/v1/channel_pb";
import type { Widget } from "@contracts/channel/v1/widget_pb";

import { t } from "../i18n";
import type { Look } from "../loader/protocol";
import { parsed, variables, type Rgb } from "./colors";

type Colors = Pick<Widget, "accentColor" | "accentTextColor" | "darkAccentColor" | "darkAccentTextColor">;

/** Sets the colours now and whenever the scheme of the screen changes; `changed` is called after each. */
export function dress(widget: Colors, changed: () => void): void {
  const dark = window.matchMedia("(prefers-color-scheme: dark)");
  const wear = () => {
    const { style } = document.documentElement;
    const accent = parsed(dark.matches ? widget.darkAccentColor : widget.accentColor);
    const onAccent = parsed(dark.matches ? widget.darkAccentTextColor : widget.accentTextColor);
    const grounds = { surface: token("--surface"), sunken: token("--sunken") };
    if (accent && onAccent) {
      for (const [name, value] of Object.entries(variables(accent, onAccent, grounds))) style.setProperty(name, value);
    }
    changed();
  };
  dark.addEventListener("change", wear);
  wear();
}

/** The look of the page's launcher. */
export function lookOf({ title, position }: Pick<Widget, "title" | "position">): Look {
  return {
    accent: text("--accent"),
    onAccent: text("--on-accent"),
    surface: text("--surface"),
    side: position === WidgetPosition.START ? "start" : "end",
    labels: { open: t("launcher.open"), close: t("launcher.close"), frame: t("panel.name", { title }) },
  };
}

function text(name: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}

function token(name: string): Rgb {
  return parsed(text(name)) ?? parsed(expanded(text(name))) ?? [255, 255, 255];
}

/** `#fff` as `#ffffff`: a build may shorten colours. */
function expanded(color: string): string {
  return color.replace(/^#(.)(.)(.)$/, "#$1$1$2$2$3$3");
}
