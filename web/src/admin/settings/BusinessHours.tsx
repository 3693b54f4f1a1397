/** When agents are there: a week of openings. */

import type { BusinessHours } from "@contracts/admin/v1/setting_pb";
import { useState } from "react";

import { Button, IconButton } from "../../ui/Button";
import { Card } from "../../ui/Card";
import { BOX } from "../../ui/look";
import { Menu } from "../../ui/Menu";
import { Radios } from "../../ui/Select";
import { Switch } from "../../ui/Switch";
import { copied, DAYS, OFFICE_HOURS, openingsOf, problemOf, timeIn, WEEKDAYS, weekOf, type Stretch } from "./hours";
import { SettingFrame } from "./SettingFrame";
import { useSettingTabs } from "./tabs";

type Week = readonly (readonly Stretch[])[];

const NEW: Stretch = { from: "09:00", until: "17:00" };
const WHEN = [
  { id: "always", label: "At any time", help: "Customers never read that you are closed." },
  { id: "hours", label: "At set hours", help: "Outside of them customers read when you are back." },
];

export function Component() {
  return (
    <SettingFrame
      setting="business-hours"
      title="Business hours"
      about="When customers can expect a human, in your organization's time zone."
      tabs={useSettingTabs()}
      check={(value) => problemOf(weekOf(value))}
    >
      {(value, set, mayChange) => <Hours value={value} onChange={(week) => set({ openings: openingsOf(week) })} disabled={!mayChange} />}
    </SettingFrame>
  );
}

function Hours({ value, onChange, disabled }: { value: BusinessHours; onChange: (week: Week) => void; disabled: boolean }) {
  const week = weekOf(value);
  const always = value.openings.length === 0;
  const [last, setLast] = useState<Week>(OFFICE_HOURS);
  const choose = (id: string) => {
    if (id === "hours") onChange(last);
    else {
      setLast(week); // choosing set hours again brings them back
      onChange(DAYS.map(() => []));
    }
  };
  return (
    <Card>
      <Radios label="Humans answer" value={always ? "always" : "hours"} onChange={choose} options={WHEN} disabled={disabled} />
      {!always && (
        <div className="mt-4 divide-y divide-line border-t border-line">
          {DAYS.map((day, place) => (
            <Day
              key={day}
              day={day}
              only={week.every((stretches, other) => other === place || stretches.length === 0)}
              stretches={week[place]!}
              disabled={disabled}
              onChange={(stretches) => onChange(week.map((others, each) => (each === place ? stretches : others)))}
              onCopy={(days) => onChange(copied(week, place, days))}
            />
          ))}
        </div>
      )}
    </Card>
  );
}

interface DayProps {
  day: string;
  /** No other day has hours: a week without any would mean always. */
  only: boolean;
  stretches: readonly Stretch[];
  disabled: boolean;
  onChange: (stretches: readonly Stretch[]) => void;
  /** Gives the first so many days these hours. */
  onCopy: (days: number) => void;
}

function Day({ day, only, stretches, disabled, onChange, onCopy }: DayProps) {
  const open = stretches.length > 0;
  const last = only && stretches.length === 1;
  const replace = (place: number, change: Partial<Stretch>) => onChange(stretches.map((each, index) => (index === place ? { ...each, ...change } : each)));
  return (
    <div role="group" aria-label={day} className="flex flex-wrap items-center gap-x-4 gap-y-2 py-2.5">
      <div className="w-36">
        <Switch label={day} value={open} disabled={disabled || (open && only)} onChange={(on) => onChange(on ? [NEW] : [])} />
      </div>
      <div className="flex flex-1 basis-64 flex-wrap items-center gap-3">
        {!open && <p className="text-sm text-muted">Closed</p>}
        {stretches.map((stretch, place) => (
          <div key={place} className="flex items-center gap-1.5">
            <TimeInput label={`${day}, from`} value={stretch.from} disabled={disabled} onChange={(from) => replace(place, { from })} />
            <span aria-hidden="true">–</span>
            <TimeInput label={`${day}, until`} value={stretch.until} disabled={disabled} onChange={(until) => replace(place, { until })} />
            {!disabled && !last && <IconButton icon="close" label={`Remove ${stretch.from} to ${stretch.until} on ${day}`} className="size-9!" onClick={() => onChange(stretches.filter((_, index) => index !== place))} />}
          </div>
        ))}
        {!disabled && open && (
          <>
            <Button look="quiet" icon="plus" aria-label={`Add hours on ${day}`} onClick={() => onChange([...stretches, NEW])}>
              Add hours
            </Button>
            <Menu
              label={`Copy the hours of ${day}`}
              icon="copy"
              items={[
                { id: "weekdays", label: "Copy to Monday–Friday", run: () => onCopy(WEEKDAYS) },
                { id: "all", label: "Copy to every day", run: () => onCopy(DAYS.length) },
              ]}
            />
          </>
        )}
      </div>
    </div>
  );
}

/** A time as text, taken over when the field is left: a browser's own time field has no 24:00. Any other text is replaced by the time before. */
function TimeInput({ label, value, disabled, onChange }: { label: string; value: string; disabled: boolean; onChange: (time: string) => void }) {
  const [typed, setTyped] = useState<string>();
  const leave = () => {
    const time = timeIn(typed ?? value);
    if (time !== undefined && time !== value) onChange(time);
    setTyped(undefined);
  };
  return (
    <input
      aria-label={label}
      aria-invalid={typed !== undefined && timeIn(typed) === undefined}
      className={`${BOX} max-w-20 tabular-nums`}
      inputMode="numeric"
      maxLength={5}
      disabled={disabled}
      value={typed ?? value}
      onChange={(event) => setTyped(event.target.value)}
      onBlur={leave}
    />
  );
}
