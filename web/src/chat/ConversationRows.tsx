/** The rows of a list of conversations: what was said last, when, and how each stands. */

import type { Conversation } from "@contracts/core/v1/conversation_pb";
import type { ParticipantRole } from "@contracts/core/v1/message_pb";

import { t } from "../i18n";
import type { ReactNode } from "react";

import { Button } from "../ui/Button";
import { clockTime, day } from "../ui/time";
import { rowOf, type ConversationList } from "./conversations";
import { useStore } from "./store";

interface Props {
  list: ConversationList;
  /** The conversation that is shown. */
  shown: string;
  /** The role of the person at the screen. */
  reader: ParticipantRole;
  open: (conversation: string) => void;
}

export function ConversationRows({ list, shown, reader, open }: Props) {
  const { conversations, loading, olderToken } = useStore(list.store);
  return (
    <>
      <ul className="flex flex-col gap-1">
        {conversations.map((conversation) => (
          <Row
            key={conversation.name}
            conversation={conversation}
            shown={conversation.name === shown}
            reader={reader}
            open={open}
          />
        ))}
      </ul>
      {olderToken !== "" && (
        <Button busy={loading} className="mt-2 self-center" onClick={() => void list.loadOlder()}>
          {t("list.older")}
        </Button>
      )}
    </>
  );
}

interface RowProps {
  conversation: Conversation;
  shown: boolean;
  reader: ParticipantRole;
  open: (conversation: string) => void;
}

function Row({ conversation, shown, reader, open }: RowProps) {
  const { title, preview, time, standing } = rowOf(conversation, reader);
  const below = [standing, preview].filter(Boolean).join(" · ");
  return (
    <li>
      <ConversationRow title={title} time={time} below={below} shown={shown} open={() => open(conversation.name)} />
    </li>
  );
}

interface ConversationRowProps {
  title: ReactNode;
  /** In ms since 1970. */
  time: number | undefined;
  /** The line below the title; empty: there is none. */
  below: ReactNode;
  /** A last, smaller line. */
  children?: ReactNode;
  shown: boolean;
  open: () => void;
}

/** One conversation, as the content of a list's item. */
export function ConversationRow({ title, time, below, children, shown, open }: ConversationRowProps) {
  return (
    <button type="button" aria-current={shown} onClick={open} className={`w-full rounded-2xl p-2.5 text-start ${shown ? "bg-soft" : "hover:bg-sunken"}`}>
      <span className="flex items-baseline justify-between gap-2">
        <span dir="auto" className="truncate text-sm font-semibold">
          {title}
        </span>
        {time !== undefined && (
          <span className="shrink-0 text-xs text-muted tabular-nums">
            {day(time)}, {clockTime(time)}
          </span>
        )}
      </span>
      {below && (
        <span dir="auto" className="mt-0.5 block truncate text-[0.83rem] text-muted">
          {below}
        </span>
      )}
      {children && <span className="mt-0.5 block truncate text-xs text-muted">{children}</span>}
    </button>
  );
}
