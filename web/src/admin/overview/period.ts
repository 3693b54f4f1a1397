/** The stretches of time that numbers are shown for, and the steps that a chart of one has. Pure. */

export type Period = "today" | "7d" | "30d" | "90d";

export const PERIODS: readonly { id: Period; label: string; days: number }[] = [
  { id: "today", label: "Today", days: 1 },
  { id: "7d", label: "Last 7 days", days: 7 },
  { id: "30d", label: "Last 30 days", days: 30 },
  { id: "90d", label: "Last 90 days", days: 90 },
];

export function periodOf(id: string | null): Period {
  return PERIODS.find((period) => period.id === id)?.id ?? "7d";
}

/** When a period began, in ms since 1970: a midnight in `zone`. Today counts as its last day. */
export function beginning(period: Period, zone: string, now: number): number {
  const { days } = PERIODS.find(({ id }) => id === period)!;
  const today = partsIn(zone, now);
  return instant(zone, Date.UTC(today.year, today.month - 1, today.day - (days - 1)));
}

/** The dimension that a chart of the period is split by. */
export function stepOf(period: Period): "hour" | "day" {
  return period === "today" ? "hour" : "day";
}

/** The beginnings of all steps of a period, in ms since 1970: hours to the present one, or days to today. */
export function stepsOf(period: Period, zone: string, now: number): readonly number[] {
  const first = beginning(period, zone, now);
  if (stepOf(period) === "hour") {
    return Array.from({ length: Math.floor((now - first) / HOUR) + 1 }, (_, hour) => first + hour * HOUR);
  }
  const { days } = PERIODS.find(({ id }) => id === period)!;
  const start = partsIn(zone, first);
  return Array.from({ length: days }, (_, day) => instant(zone, Date.UTC(start.year, start.month - 1, start.day + day)));
}

const HOUR = 3_600_000;

interface Parts {
  year: number;
  month: number;
  day: number;
  hour: number;
  minute: number;
  second: number;
}

/** The date and time that a zone has at a moment. */
function partsIn(zone: string, at: number): Parts {
  const format = new Intl.DateTimeFormat("en", {
    timeZone: zone,
    hourCycle: "h23",
    year: "numeric",
    month: "numeric",
    day: "numeric",
    hour: "numeric",
    minute: "numeric",
    second: "numeric",
  });
  return Object.fromEntries(format.formatToParts(at).map(({ type, value }) => [type, Number(value)])) as unknown as Parts;
}

/** The time at which clocks in a zone show what UTC's show at `local`; where they skip it, the first moment after. */
function instant(zone: string, local: number): number {
  const offsetAt = (at: number) => {
    const parts = partsIn(zone, at);
    return Date.UTC(parts.year, parts.month - 1, parts.day, parts.hour, parts.minute, parts.second) - Math.floor(at / 1000) * 1000;
  };
  const guess = local - offsetAt(local);
  return local - offsetAt(guess);
}
