/** Numbers of reports as people read them, and where each of them leads. Pure. */

import type { ReportRow, ReportValue } from "@contracts/admin/v1/report_pb";
import { timestampMs } from "@bufbuild/protobuf/wkt";

/** A number on the page: a metric of the catalog, in the words of a tile. */
export interface Metric {
  id: string;
  label: string;
  help: string;
  /** How a change of it is drawn in the chart; only counts and money are. */
  charted: boolean;
}

export const METRICS: readonly Metric[] = [
  { id: "conversations_started", label: "Conversations", help: "Customers who wrote for the first time in a conversation.", charted: true },
  {
    id: "conversations_answered_by_assistant",
    label: "Answered by the assistant alone",
    help: "Its last message was an answer, nothing is open, and no human was asked for.",
    charted: true,
  },
  { id: "conversations_handed_over", label: "Handed over", help: "A human was asked for, or stepped in.", charted: true },
  { id: "unanswered_questions", label: "Unanswered questions", help: "The assistant said that it doesn't know, or couldn't answer in time.", charted: true },
  { id: "assistant_first_response_median", label: "Assistant's first response", help: "Half of the customers wait no longer.", charted: false },
  { id: "waiting_median", label: "Wait for an agent", help: "From asking for a human to an agent who takes the conversation; half wait no longer.", charted: false },
  { id: "agent_first_response_median", label: "Agents' first response", help: "From asking for a human to an agent's first words; half wait no longer.", charted: false },
  { id: "rating_average", label: "Rating", help: "1 is bad, 5 is good.", charted: false },
  { id: "cost", label: "Cost of the model", help: "Model calls for customers, by the price list.", charted: true },
];

/** The number of a value, to draw it; undefined where there is nothing to measure. */
export function numberOf(value: ReportValue | undefined): number | undefined {
  switch (value?.kind.case) {
    case "count":
      return Number(value.kind.value);
    case "number":
      return value.kind.value;
    case "duration":
      return Number(value.kind.value.seconds) + value.kind.value.nanos / 1e9;
    case "money":
      return Number(value.kind.value.units) + value.kind.value.nanos / 1e9;
    default:
      return undefined;
  }
}

const COUNT = new Intl.NumberFormat();
const DECIMAL = new Intl.NumberFormat(undefined, { minimumFractionDigits: 1, maximumFractionDigits: 1 });
const MONEY = new Intl.NumberFormat(undefined, { minimumFractionDigits: 2, maximumFractionDigits: 2 });
const SMALL_MONEY = new Intl.NumberFormat(undefined, { maximumSignificantDigits: 2 });

/** A value in words: `1,204`, `2.4 s`, `3 min`, `4.6`; a dash where there is nothing to measure. */
export function written(value: ReportValue | undefined): string {
  const number = numberOf(value);
  if (number === undefined) return "–";
  switch (value?.kind.case) {
    case "duration":
      return lastingFor(number);
    case "money":
      return (number !== 0 && number < 0.1 ? SMALL_MONEY : MONEY).format(number);
    case "number":
      return DECIMAL.format(number);
    default:
      return COUNT.format(number);
  }
}

/** Seconds in words: `80 ms`, `2.4 s`, `3 min`, `5 h 20 min`. */
export function lastingFor(seconds: number): string {
  if (seconds < 1) return `${Math.round(seconds * 1000)} ms`;
  if (seconds < 60) return `${DECIMAL.format(seconds)} s`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 60) return `${minutes} min`;
  return minutes % 60 === 0 ? `${minutes / 60} h` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

export interface Point {
  /** The beginning of the step, in ms since 1970. */
  at: number;
  value: ReportValue | undefined;
  number: number;
}

/** The column of a report as points, one for each step; steps without a row are 0. */
export function series(rows: readonly ReportRow[], column: number, steps: readonly number[]): readonly Point[] {
  const byTime = new Map(
    rows.flatMap(({ values }) => (values[0]?.kind.case === "time" ? [[timestampMs(values[0].kind.value), values[column]] as const] : [])),
  );
  return steps.map((at) => ({ at, value: byTime.get(at), number: numberOf(byTime.get(at)) ?? 0 }));
}

/** A round number at the top of a chart: the first of 1, 2, 5, 10, 20 … that is not below the largest value. */
export function ceiling(largest: number): number {
  if (largest <= 0) return 1;
  const power = 10 ** Math.floor(Math.log10(largest));
  return [1, 2, 5, 10].map((step) => step * power).find((step) => step >= largest * (1 - 1e-9)) ?? 10 * power;
}
