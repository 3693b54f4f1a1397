/** All conversations, open and closed: filtered by state, or searched for words that were said in them. */

import { ConversationState, type Conversation } from "@contracts/core/v1/conversation_pb";
import { ParticipantRole, TextFormat } from "@contracts/core/v1/message_pb";
import type { Channel } from "@contracts/channel/v1/channel_pb";
import { useVirtualizer } from "@tanstack/react-virtual";
import { memo, useCallback, useEffect, useId, useLayoutEffect, useRef, useState, type RefObject } from "react";

import { ConversationRow } from "../chat/ConversationRows";
import { rowOf } from "../chat/conversations";
import { useStore } from "../chat/store";
import { Button } from "../ui/Button";
import { customerName } from "../ui/customer";
import { Excerpt } from "../ui/Excerpt";
import { lastSaid } from "../ui/excerpts";
import { Icon } from "../ui/Icon";
import { Name } from "../ui/Name";
import { useKeptFocus, useRowHeight } from "../ui/rows";
import { Spinner } from "../ui/Spinner";
import { channelText } from "./channels";
import type { Desk } from "./desk";
import type { Found } from "./finder";

const STATES = [
  { state: ConversationState.UNSPECIFIED, label: "All" },
  { state: ConversationState.WAITING, label: "Waiting" },
  { state: ConversationState.ASSIGNED, label: "With an agent" },
  { state: ConversationState.AUTOMATED, label: "With the assistant" },
  { state: ConversationState.CLOSED, label: "Closed" },
] as const;

/** A row of three lines, and the gap below it. */
const ROW_PX = 79;
const GAP_PX = 4;

interface Props {
  desk: Desk;
  /** The element that is scrolled. */
  box: RefObject<HTMLElement | null>;
  /** The conversation that is open. */
  open: string;
  choose: (conversation: string) => void;
}

export function Find({ desk, box, open, choose }: Props) {
  const { finder } = desk;
  const { query, state, found, loaded, loading, failure, olderToken } = useStore(finder.store);
  const { byName } = useStore(desk.channels.store);
  const field = useRef<HTMLInputElement>(null);
  const id = useId();
  useEffect(() => {
    field.current?.focus();
    void finder.load();
  }, [finder]);
  return (
    <nav aria-label="All conversations" className="flex flex-col gap-3 p-3">
      <div className="relative">
        <Icon name="search" className="pointer-events-none absolute start-3 top-3 size-4 text-muted" />
        <input
          ref={field}
          type="search"
          dir="auto"
          value={query}
          aria-label="Search conversations"
          placeholder="Words, names or numbers"
          onChange={(event) => finder.type(event.target.value)}
          className="min-h-10 w-full rounded-full border border-edge bg-surface ps-9 pe-3 text-sm focus-visible:border-accent"
        />
      </div>
      <label htmlFor={id} className="flex items-center gap-2 px-1 text-sm text-muted">
        State
        <select id={id} value={state} onChange={(event) => finder.choose(Number(event.target.value))} className="min-h-9 flex-1 rounded-xl border border-edge bg-surface px-2 text-sm text-ink">
          {STATES.map(({ state: value, label }) => (
            <option key={value} value={value}>
              {label}
            </option>
          ))}
        </select>
      </label>
      {failure && (
        <p role="alert" className="px-2 text-sm text-danger">
          {failure.sentence}
        </p>
      )}
      <p role="status" className="sr-only">
        {loaded && !loading ? `${found.length}${olderToken ? " or more" : ""} conversations` : ""}
      </p>
      {loaded && found.length === 0 && !loading && !failure && (
        <p className="px-2 py-3 text-sm text-muted">{query.trim() ? "Nothing was found. Try fewer or other words." : "There are no conversations yet."}</p>
      )}
      <Rows found={found} more={olderToken !== ""} channels={byName} box={box} open={open} choose={choose} />
      {loading && <Spinner className="m-2 size-5 self-center" />}
      {olderToken !== "" && !loading && (
        <Button className="self-center" onClick={() => void finder.loadOlder()}>
          Show more
        </Button>
      )}
    </nav>
  );
}

interface RowsProps extends Omit<Props, "desk"> {
  found: readonly Found[];
  /** Others follow. */
  more: boolean;
  channels: ReadonlyMap<string, Channel>;
}

const nameOfFound = ({ conversation }: Found) => conversation.name;

/** The rows in sight, each in its place. */
function Rows({ found, more, channels, box, open, choose }: RowsProps) {
  const list = useRef<HTMLUListElement>(null);
  const [top, setTop] = useState(0);
  useLayoutEffect(() => {
    if (!list.current || !box.current) return;
    setTop(list.current.getBoundingClientRect().top - box.current.getBoundingClientRect().top + box.current.scrollTop);
  }, [found, box]); // what stands above the list is some lines at most, and more rows than those in sight are drawn
  const { rangeExtractor, ...focus } = useKeptFocus(found, nameOfFound);
  const virtual = useVirtualizer({
    count: found.length,
    getScrollElement: () => box.current,
    ...useRowHeight<HTMLElement>(ROW_PX),
    gap: GAP_PX,
    overscan: 6,
    scrollMargin: top,
    getItemKey: useCallback((index: number) => nameOfFound(found[index]!), [found]),
    rangeExtractor,
    useFlushSync: false,
  });
  return (
    <ul ref={list} className="relative shrink-0" {...focus} style={{ height: virtual.getTotalSize() }}>
      {virtual.getVirtualItems().map(({ key, index, start }) => {
        const each = found[index]!;
        return (
          <li
            key={key}
            ref={virtual.measureElement}
            data-index={index}
            aria-posinset={index + 1}
            aria-setsize={more ? -1 : found.length}
            className="absolute inset-x-0"
            style={{ top: start - top }}
          >
            <Row found={each} channel={channels.get(each.conversation.channel)} shown={each.conversation.name === open} choose={choose} />
          </li>
        );
      })}
    </ul>
  );
}

interface RowProps {
  found: Found;
  channel: Channel | undefined;
  shown: boolean;
  choose: (conversation: string) => void;
}

/** Drawn once: it stays as it is while the list is scrolled. */
const Row = memo(function Row({ found: { conversation, message, query }, channel, shown, choose }: RowProps) {
  const { title, time, standing } = rowOf(conversation, ParticipantRole.AGENT);
  const { subject, summary } = conversation;
  const last = [subject, summary && lastSaid(summary)].filter(Boolean).join(" · ") || title;
  const below = message ? <Excerpt text={message.text} markdown={message.format === TextFormat.MARKDOWN} query={query} /> : last;
  return (
    <ConversationRow title={<Name>{nameOf(conversation)}</Name>} time={time} below={below} shown={shown} open={() => choose(conversation.name)}>
      {[channelText(channel), standing].filter(Boolean).join(" · ")}
    </ConversationRow>
  );
});

function nameOf({ summary, customer }: Conversation): string {
  return customerName(summary?.customerDisplayName ?? "", customer);
}
