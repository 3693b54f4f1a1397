/** The filters of the list of conversations, as the address has them and as core understands them. Pure. */

import { timestampFromMs } from "@bufbuild/protobuf/wkt";
import { ConversationState } from "@contracts/core/v1/conversation_pb";

import { beginning, periodOf, type Period } from "../overview/period";

export interface Filters {
  /** Words that were said. */
  words: string;
  state: string;
  channel: string;
  agent: string;
  tag: string;
  rating: string;
  unanswered: boolean;
  /** Empty: at any time. */
  period: Period | "";
  /** A metric of reports: only the conversations that it counts in the period. */
  metric: string;
}

export const STATES: readonly { id: string; label: string; value: ConversationState }[] = [
  { id: "automated", label: "With the assistant", value: ConversationState.AUTOMATED },
  { id: "waiting", label: "Waiting for an agent", value: ConversationState.WAITING },
  { id: "assigned", label: "With an agent", value: ConversationState.ASSIGNED },
  { id: "closed", label: "Closed", value: ConversationState.CLOSED },
];

export const RATINGS: readonly { id: string; label: string; scores: readonly number[] }[] = [
  { id: "bad", label: "Bad (1–2)", scores: [1, 2] },
  { id: "fair", label: "Fair (3)", scores: [3] },
  { id: "good", label: "Good (4–5)", scores: [4, 5] },
];

export function filtersOf(search: URLSearchParams): Filters {
  const known = (name: string, choices: readonly { id: string }[]) => choices.find(({ id }) => id === search.get(name))?.id ?? "";
  const metric = search.get("metric") ?? "";
  return {
    words: (search.get("q") ?? "").slice(0, 200),
    state: known("state", STATES),
    channel: search.get("channel") ?? "",
    agent: search.get("agent") ?? "",
    tag: (search.get("tag") ?? "").slice(0, 40),
    rating: known("rating", RATINGS),
    unanswered: search.get("unanswered") === "1",
    period: search.has("period") || metric ? periodOf(search.get("period")) : "",
    metric,
  };
}

/** Whether anything is filtered, apart from the words. */
export function isFiltered({ words: _, metric, ...filters }: Filters): boolean {
  return metric !== "" || Object.values(filters).some(Boolean);
}

/** The conditions of a request to core. In a period that a metric counts, its report is what says which conversations. */
export function conditions(filters: Filters, organization: string, zone: string, now: number) {
  const state = STATES.find(({ id }) => id === filters.state);
  const rating = RATINGS.find(({ id }) => id === filters.rating);
  const timed = filters.period !== "" && filters.metric === "";
  return {
    states: state ? [state.value] : [],
    channel: filters.channel && `${organization}/channels/${filters.channel}`,
    agent: filters.agent && `${organization}/agents/${filters.agent}`,
    tags: filters.tag ? [filters.tag] : [],
    ...(rating && { ratings: [...rating.scores] }),
    ...(filters.unanswered && { unanswered: true }),
    ...(timed && { startTime: timestampFromMs(beginning(filters.period as Period, zone, now)) }),
  };
}
