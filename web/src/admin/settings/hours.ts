/** Business hours as a week of times that people type. */

import { create } from "@bufbuild/protobuf";
import { BusinessHoursSchema, type BusinessHours } from "@contracts/admin/v1/setting_pb";

export const DAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"] as const;

/** Monday to Friday. */
export const WEEKDAYS = 5;

/** From and until, such as `09:00` and `24:00`. */
export interface Stretch {
  from: string;
  until: string;
}

type Time = BusinessHours["openings"][number]["startTime"];

/** The stretches of each day, Monday first. */
export function weekOf(hours: BusinessHours): readonly (readonly Stretch[])[] {
  return DAYS.map((_, place) =>
    hours.openings
      .filter((opening) => Number(opening.day) === place + 1)
      .map(({ startTime, endTime }) => ({ from: textOf(startTime), until: textOf(endTime) }))
      .toSorted((a, b) => (a.from < b.from ? -1 : 1)),
  );
}

/** A week as the openings of a setting. */
export function openingsOf(week: readonly (readonly Stretch[])[]): BusinessHours["openings"] {
  const openings = week.flatMap((stretches, place) =>
    stretches.map(({ from, until }) => ({ day: place + 1, startTime: timeOf(from), endTime: timeOf(until) })),
  );
  return create(BusinessHoursSchema, { openings }).openings;
}

/** Hours to begin with: a choice to change, since no hours at all mean always. */
export const OFFICE_HOURS: readonly (readonly Stretch[])[] = DAYS.map((_, place) => (place < WEEKDAYS ? [{ from: "09:00", until: "17:00" }] : []));

/** The week with one day's hours on the first `days` days. */
export function copied(week: readonly (readonly Stretch[])[], from: number, days: number): readonly (readonly Stretch[])[] {
  return week.map((stretches, place) => (place < days ? week[from]! : stretches));
}

/** Why a week can't be saved; undefined if it can. */
export function problemOf(week: readonly (readonly Stretch[])[]): string | undefined {
  for (const [place, stretches] of week.entries()) {
    const day = DAYS[place]!;
    for (const [index, { from, until }] of stretches.entries()) {
      if (from >= until) return `${day}: the end must be after the beginning`;
      if (index > 0 && stretches[index - 1]!.until > from) return `${day}: the times overlap`;
    }
  }
  return undefined;
}

/** The time that someone typed, `9` or `9:30` or `24:00`, as `09:30`; undefined if it is none. */
export function timeIn(typed: string): string | undefined {
  const [, hours, minutes = "00"] = /^(\d{1,2})(?:[:.](\d{2}))?$/.exec(typed.trim()) ?? [];
  if (hours === undefined || Number(hours) > 24 || Number(minutes) > 59 || (Number(hours) === 24 && minutes !== "00")) return undefined;
  return `${hours.padStart(2, "0")}:${minutes}`;
}

function textOf(time: Time): string {
  return `${String(time?.hours ?? 0).padStart(2, "0")}:${String(time?.minutes ?? 0).padStart(2, "0")}`;
}

function timeOf(text: string): { hours: number; minutes: number } {
  const [hours = "0", minutes = "0"] = text.split(":");
  return { hours: Number(hours), minutes: Number(minutes) };
}
