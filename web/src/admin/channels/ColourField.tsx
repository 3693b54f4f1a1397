import { useId } from "react";

import { Badge } from "../../ui/Badge";
import { TextField } from "../../ui/Field";
import { LABEL } from "../../ui/look";
import { contrast, isColour, OWN_ACCENT, OWN_DARK_ACCENT, ratio, READABLE, textOn } from "./colours";

interface Props {
  label: string;
  /** `#rrggbb`; empty: `inherited`, or Frontdesk's own. */
  value: string;
  /** Of text on it; empty: white or black. */
  text: string;
  inherited?: string;
  dark?: boolean;
  onChange: (colour: string) => void;
  onText: (colour: string) => void;
}

/** A colour, the text on it, and whether that can be read. */
export function ColourField({ label, value, text, inherited = "", dark = false, onChange, onText }: Props) {
  const id = useId();
  const own = isColour(inherited) ? inherited : dark ? OWN_DARK_ACCENT : OWN_ACCENT;
  const colour = isColour(value) ? value : own;
  const onIt = isColour(text) ? text : textOn(colour);
  const found = contrast(colour, onIt);
  const readable = found >= READABLE;
  return (
    <div className="flex flex-col gap-2">
      <label htmlFor={id} className={LABEL}>
        {label}
      </label>
      <div className="flex items-center gap-2">
        <input id={id} type="color" value={colour} onChange={(event) => onChange(event.target.value)} className="h-9 w-12 cursor-pointer rounded-lg border border-edge bg-surface p-1" />
        <TextField label={`${label} as a code`} quiet value={value} onChange={(typed) => onChange(typed.trim())} placeholder={own} maxLength={7} mono className="w-28" problem={value && !isColour(value) ? "Write it as #rrggbb." : undefined} />
        {value && (
          <button type="button" className="min-h-9 rounded-lg px-2 text-sm text-muted underline hover:text-ink" onClick={() => onChange("")}>
            Reset
          </button>
        )}
      </div>
      <TextField label={`Text on it (${label.toLowerCase()})`} value={text} onChange={(typed) => onText(typed.trim())} placeholder={textOn(colour)} maxLength={7} mono help="Empty: white or black, whichever reads better." />
      <p className="flex flex-wrap items-center gap-2 text-sm">
        <Badge look={readable ? "good" : "bad"}>
          Contrast {ratio(found)}
        </Badge>
        {!readable && <span className="text-danger">Too low to read: at least 4.5 : 1. {onIt !== textOn(colour) && `Try ${textOn(colour)}.`}</span>}
      </p>
    </div>
  );
}
