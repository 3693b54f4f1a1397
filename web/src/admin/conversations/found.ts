/** The conversations of a list: those that core lists, those in which words were said, or those that a number counts. */

import { timestampFromMs } from "@bufbuild/protobuf/wkt";
import { ReportService } from "@contracts/admin/v1/report_service_pb";
import type { Conversation } from "@contracts/core/v1/conversation_pb";
import { ConversationService } from "@contracts/core/v1/conversation_service_pb";
import type { Message } from "@contracts/core/v1/message_pb";
import { useInfiniteQuery, useQueryClient } from "@tanstack/react-query";

import type { Failure } from "../../api/errors";
import { call, cutShort, insist, usePages, whileShort, type Pages } from "../data/calls";
import { useSession } from "../data/session";
import { beginning, type Period } from "../overview/period";
import { conditions, type Filters } from "./filters";

export interface Found {
  conversation: Conversation;
  /** The message in which the words were said. */
  message?: Message | undefined;
}

const LIVE_MS = 10_000;

export function useFound(filters: Filters, zone: string, now: number): Pages<Found> {
  const { organization } = useSession();
  const wanted = conditions(filters, organization, zone, now);
  const counted = filters.metric !== "";
  const searched = !counted && filters.words !== "";
  const listed = usePages(ConversationService.method.listConversations, { parent: organization, ...wanted }, ({ conversations }) => conversations.map((conversation): Found => ({ conversation })), {
    enabled: !counted && !searched,
    every: LIVE_MS,
    keep: true,
  });
  const matching = usePages(
    ConversationService.method.searchConversations,
    { parent: organization, query: filters.words || " ", ...wanted },
    ({ results }) => results.flatMap(({ conversation, message }): Found[] => (conversation ? [{ conversation, message }] : [])),
    { enabled: searched, keep: true },
  );
  const ofNumber = useCounted(filters, wanted, zone, now);
  return counted ? ofNumber : searched ? matching : listed;
}

/** The conversations that a number of a report counts, a page of its rows at a time. Erased ones are left out. */
function useCounted(filters: Filters, wanted: ReturnType<typeof conditions>, zone: string, now: number): Pages<Found> {
  const { account, transport, organization } = useSession();
  const begin = filters.period === "" ? 0 : beginning(filters.period as Period, zone, now);
  const dimensions = [
    ["channel", wanted.channel],
    ["agent", wanted.agent],
  ] as const;
  const client = useQueryClient();
  const queryKey = [ReportService.typeName, "counted", filters, begin];
  const query = useInfiniteQuery({
    queryKey,
    enabled: filters.metric !== "",
    ...whileShort(LIVE_MS),
    initialPageParam: "",
    getNextPageParam: (last: { next: string }) => last.next || undefined,
    queryFn: ({ pageParam, signal }) =>
      insist(account, async () => {
        const report = await call(
          transport,
          ReportService.method.queryReport,
          {
            parent: organization,
            pageToken: pageParam,
            query: {
              metrics: [filters.metric],
              dimensions: ["conversation"],
              interval: { startTime: timestampFromMs(begin) },
              timeZone: zone,
              filters: dimensions.filter(([, value]) => value).map(([dimension, value]) => ({ dimension, values: [value] })),
            },
          },
          signal,
        );
        const names = report.rows.flatMap(({ values }) => (values[0]?.kind.case === "text" ? [values[0].kind.value] : []));
        if (names.length === 0) return { found: [], next: report.nextPageToken };
        const { states, tags, ratings = [], unanswered } = wanted;
        const page = await call(
          transport,
          ConversationService.method.listConversations,
          { parent: organization, names, pageSize: 100, states, tags, ratings, ...(unanswered !== undefined && { unanswered }) },
          signal,
        );
        return { found: page.conversations.map((conversation): Found => ({ conversation })), next: report.nextPageToken };
      }),
  });
  return {
    data: query.data?.pages.flatMap(({ found }) => found),
    failure: (query.error as Failure | null) ?? undefined,
    loading: query.isPending,
    retry: () => void query.refetch(),
    hasMore: query.hasNextPage,
    loadingMore: query.isFetchingNextPage,
    more: () => void query.fetchNextPage(),
    top: () => cutShort(client, queryKey),
  };
}
