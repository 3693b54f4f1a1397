/** Times as people read them, in the language of the reader. */

import { useEffect, useState } from "react";

import { locale, t } from "../i18n";

const FORMATS = {
  clock: { hour: "numeric", minute: "2-digit" },
  day: { weekday: "long", day: "numeric", month: "long" },
  moment: { weekday: "long", day: "numeric", month: "long", hour: "numeric", minute: "2-digit" },
} as const satisfies Record<string, Intl.DateTimeFormatOptions>;

const made = new Map<string, Intl.DateTimeFormat>();

function formatted(ms: number, how: keyof typeof FORMATS): string {
  const key = `${how} ${locale() ?? ""}`;
  const format = made.get(key) ?? new Intl.DateTimeFormat(locale(), FORMATS[how]);
  made.set(key, format);
  return format.format(ms);
}

export function clockTime(ms: number): string {
  return formatted(ms, "clock");
}

/** When something is, for a reader who needs to know the day: the time alone if it is today. */
export function occasion(ms: number, now = Date.now()): string {
  return formatted(ms, midnight(ms) === midnight(now) ? "clock" : "moment");
}

export function day(ms: number, now = Date.now()): string {
  const days = Math.round((midnight(now) - midnight(ms)) / 86_400_000);
  if (days === 0) return t("time.today");
  if (days === 1) return t("time.yesterday");
  return formatted(ms, "day");
}

/** `3 min`, `2 h`: how long something lasts so far. */
export function lasting(since: number, now: number): string {
  const minutes = Math.max(0, Math.floor((now - since) / 60_000));
  if (minutes < 1) return "just now";
  if (minutes < 60) return `${minutes} min`;
  if (minutes < 48 * 60) return `${Math.floor(minutes / 60)} h`;
  return `${Math.floor(minutes / 60 / 24)} days`;
}

const RELATIVE = new Intl.RelativeTimeFormat(undefined, { numeric: "auto" });
const MOMENT = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "short" });
const DATE = new Intl.DateTimeFormat(undefined, { dateStyle: "medium" });
const UNITS = [
  ["second", 60],
  ["minute", 60],
  ["hour", 24],
  ["day", 30],
] as const;

/** `3 minutes ago`, `in 2 days`; after a month the date. */
export function ago(ms: number, now = Date.now()): string {
  let distance = (ms - now) / 1000;
  for (const [unit, size] of UNITS) {
    if (Math.abs(distance) < size) return RELATIVE.format(Math.trunc(distance), unit);
    distance /= size;
  }
  return DATE.format(ms);
}

/** Date and time. */
export function moment(ms: number): string {
  return MOMENT.format(ms);
}

function midnight(ms: number): number {
  return new Date(ms).setHours(0, 0, 0, 0);
}

/** The present time, updated each `every` ms. */
export function useNow(every: number): number {
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), every);
    return () => clearInterval(timer);
  }, [every]);
  return now;
}

/** Whether a time is still in the future; updates when it has passed. */
export function useAhead(until: number | undefined): boolean {
  const [, tick] = useState(0);
  const left = (until ?? 0) - Date.now();
  useEffect(() => {
    if (left <= 0) return;
    const timer = setTimeout(() => tick((count) => count + 1), left + 20);
    return () => clearTimeout(timer);
  });
  return left > 0;
}
