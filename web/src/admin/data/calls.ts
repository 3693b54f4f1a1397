/** Calls of the API as React uses them: cached by method and request, repeated after a new sign-in, with errors as sentences. */

import { create, toJson, type DescMessage, type DescMethodUnary, type JsonValue, type MessageInitShape, type MessageShape } from "@bufbuild/protobuf";
import type { Transport } from "@connectrpc/connect";
import { keepPreviousData, useInfiniteQuery, useQuery, useQueryClient, type InfiniteData, type QueryClient, type QueryKey } from "@tanstack/react-query";
import { useCallback, useRef, useState } from "react";

import type { Account } from "../../account/account";
import { failure, isSignedOut, type Failure } from "../../api/errors";
import { unary } from "../../api/transport";
import { useToast } from "../../ui/Toast";
import { useSession } from "./session";

type Unary<I extends DescMessage, O extends DescMessage> = DescMethodUnary<I, O>;
type AnyMethod = DescMethodUnary<DescMessage, DescMessage>;
type Key = readonly [service: string, method: string, request: JsonValue];

const PAGE_SIZE = 50;
/** A list of more pages is not fetched again on its own: each page would cost a call, and only a few rows are in sight. */
const LIVE_PAGES = 2;

/** One call, for a use outside of React's hooks. Rejects with a ConnectError. */
export async function call<I extends DescMessage, O extends DescMessage>(
  transport: Transport,
  method: Unary<I, O>,
  request: MessageInitShape<I>,
  signal?: AbortSignal,
): Promise<MessageShape<O>> {
  return (await transport.unary(method, signal, unary.timeoutMs, undefined, request)).message;
}

/** A call that waits for the user to sign in again if the session has ended, and is then repeated. Rejects with a Failure. */
export async function insist<T>(account: Account, work: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await work();
    } catch (error) {
      const why = failure(error);
      if (!isSignedOut(why)) throw why;
      await account.signedInAgain(why);
    }
  }
}

/** The state of something that is fetched. */
export interface Query<T> {
  /** The newest that is known, also while it is fetched again. */
  data: T | undefined;
  /** Why the last attempt failed. */
  failure: Failure | undefined;
  /** Nothing is known yet. */
  loading: boolean;
  retry: () => void;
}

/** A list that is fetched page by page. */
export interface Pages<Row> extends Query<readonly Row[]> {
  hasMore: boolean;
  loadingMore: boolean;
  more: () => void;
  /** The first rows are in sight again: a long list is cut to its first pages, which are fetched again. */
  top: () => void;
}

interface Options {
  /** False: it is not fetched yet. */
  enabled?: boolean;
  /** Fetched again after so many ms, while the page is in sight. */
  every?: number;
  /** Shows the data of the request before while a changed request is fetched. */
  keep?: boolean;
}

function keyOf<I extends DescMessage, O extends DescMessage>(method: Unary<I, O>, request: MessageInitShape<I>): Key {
  return [method.parent.typeName, method.name, toJson(method.input, create(method.input, request))];
}

/** One call that reads. */
export function useCall<I extends DescMessage, O extends DescMessage>(method: Unary<I, O>, request: MessageInitShape<I>, options: Options = {}): Query<MessageShape<O>> {
  const { account, transport } = useSession();
  const query = useQuery<MessageShape<O>, Failure>({
    queryKey: keyOf(method, request),
    queryFn: ({ signal }) => insist(account, () => call(transport, method, request, signal)),
    enabled: options.enabled ?? true,
    ...(options.every !== undefined && { refetchInterval: options.every }),
    ...(options.keep && { placeholderData: keepPreviousData as never }),
  });
  return { data: query.data, failure: query.error ?? undefined, loading: query.isPending, retry: () => void query.refetch() };
}

interface Cached {
  state: { data: unknown };
}

function isShort({ state }: Cached): boolean {
  const { pages } = (state.data ?? {}) as { pages?: readonly unknown[] };
  return (pages?.length ?? 0) <= LIVE_PAGES;
}

/** When a list of pages is fetched again on its own: each `every` ms, and when its tab is in sight again, while it is short. */
export function whileShort(every?: number) {
  return {
    refetchInterval: (query: Cached) => every !== undefined && isShort(query) && every,
    refetchOnWindowFocus: isShort,
  };
}

/** Cuts a list of pages, if it is long, and fetches what is left. */
export function cutShort(client: QueryClient, queryKey: QueryKey): void {
  const known = client.getQueryData<InfiniteData<unknown>>(queryKey);
  if (!known || known.pages.length <= LIVE_PAGES) return;
  client.setQueryData(queryKey, { pages: known.pages.slice(0, LIVE_PAGES), pageParams: known.pageParams.slice(0, LIVE_PAGES) });
  void client.invalidateQueries({ queryKey, exact: true });
}

/** A list, page by page: `rowsOf` takes the rows out of a response that has a `nextPageToken`. */
export function usePages<I extends DescMessage, O extends DescMessage, Row>(
  method: Unary<I, O>,
  request: MessageInitShape<I>,
  rowsOf: (page: MessageShape<O>) => readonly Row[],
  options: Options = {},
): Pages<Row> {
  const { account, transport } = useSession();
  const client = useQueryClient();
  const queryKey = [...keyOf(method, request), "pages"];
  const query = useInfiniteQuery({
    queryKey,
    queryFn: ({ pageParam, signal }): Promise<MessageShape<O>> =>
      insist(account, () => call(transport, method, { pageSize: PAGE_SIZE, ...request, pageToken: pageParam } as MessageInitShape<I>, signal)),
    initialPageParam: "",
    getNextPageParam: (last) => (last as { nextPageToken?: string }).nextPageToken || undefined,
    enabled: options.enabled ?? true,
    // Rows are drawn by their ids, so comparing a long list with its past would only keep the page from scrolling.
    structuralSharing: false,
    ...whileShort(options.every),
    ...(options.keep && { placeholderData: keepPreviousData as never }),
  });
  const { hasNextPage, fetchNextPage } = query;
  return {
    data: query.data?.pages.flatMap((page) => rowsOf(page as MessageShape<O>)),
    failure: (query.error as Failure | null) ?? undefined,
    loading: query.isPending,
    retry: () => void query.refetch(),
    hasMore: hasNextPage,
    loadingMore: query.isFetchingNextPage,
    more: () => void fetchNextPage(),
    top: () => cutShort(client, queryKey),
  };
}

interface ActionOptions<O extends DescMessage> {
  /** The toast's text when it is done; without it there is no toast. */
  done?: string | ((response: MessageShape<O>) => string);
  /** The reading methods whose results it changes. Without them: all of its own service. */
  refresh?: readonly { parent: { typeName: string }; name: string }[];
  /** No toast on failure: the form shows it. */
  quiet?: boolean;
}

export interface Action<I extends DescMessage, O extends DescMessage> {
  /** Undefined: it failed. */
  run: (request: MessageInitShape<I>) => Promise<MessageShape<O> | undefined>;
  busy: boolean;
  failure: Failure | undefined;
  clear: () => void;
}

/** A call that changes something. */
export function useAction<I extends DescMessage, O extends DescMessage>(method: Unary<I, O>, options: ActionOptions<O> = {}): Action<I, O> {
  const { account, transport } = useSession();
  const client = useQueryClient();
  const toast = useToast();
  const [running, setRunning] = useState(0);
  const [why, setWhy] = useState<Failure>();
  const current = useRef(options);
  current.current = options;

  const run = useCallback(
    async (request: MessageInitShape<I>) => {
      setRunning((count) => count + 1);
      setWhy(undefined);
      const { done, refresh, quiet } = current.current;
      try {
        const response = await insist(account, () => call(transport, method, request));
        await invalidate(client, method as unknown as AnyMethod, refresh);
        if (done !== undefined) toast(typeof done === "string" ? done : done(response));
        return response;
      } catch (error) {
        setWhy(error as Failure);
        if (!quiet) toast((error as Failure).sentence, { look: "bad" });
        return undefined;
      } finally {
        setRunning((count) => count - 1);
      }
    },
    [account, transport, client, method, toast],
  );
  return { run, busy: running > 0, failure: why, clear: useCallback(() => setWhy(undefined), []) };
}

async function invalidate(client: QueryClient, method: AnyMethod, refresh: ActionOptions<DescMessage>["refresh"]): Promise<void> {
  const keys = refresh?.map((each) => [each.parent.typeName, each.name]) ?? [[method.parent.typeName]];
  await Promise.all(keys.map((queryKey) => client.invalidateQueries({ queryKey })));
}

/** Fetches the results of these methods again, after a change that no action of this page made; long lists when they are cut. */
export function useRefresh(): (...methods: readonly { parent: { typeName: string }; name: string }[]) => void {
  const client = useQueryClient();
  return useCallback(
    (...methods) => methods.forEach(({ parent, name }) => void client.invalidateQueries({ queryKey: [parent.typeName, name], predicate: isShort })),
    [client],
  );
}

/** The id of one intention: the same for each attempt, until `renew` is called for the next one. */
export function useRequestId(): { requestId: string; renew: () => void } {
  const [requestId, setRequestId] = useState(newId);
  return { requestId, renew: useCallback(() => setRequestId(newId()), []) };
}

/** A random id; `crypto.randomUUID` is missing on http:// pages that are not on localhost. */
export function newId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
