/** A conversation from its first message to what is being written now. */

import { ConversationState } from "@contracts/core/v1/conversation_pb";
import { MessageKind, ParticipantRole, type Message } from "@contracts/core/v1/message_pb";
import { Fragment, type ReactNode } from "react";

import { t } from "../i18n";
import { Name } from "../ui/Name";
import { useAhead } from "../ui/time";
import { arrange } from "./arrange";
import { Dots, DraftBubble, Frame, LiveBubble, MessageBubble, type Side } from "./Bubble";
import type { View } from "./conversation";
import type { Draft } from "./outbox";

interface Props {
  view: View;
  drafts: readonly Draft[];
  /** No earlier messages exist than those in the view. */
  complete: boolean;
  /** The viewer. */
  reader: ParticipantRole.CUSTOMER | ParticipantRole.AGENT;
  offline: boolean;
  retry: (requestId: string) => void;
  discard: (requestId: string) => void;
  /** Shown before the first message. */
  opening?: ReactNode;
  /** Shown below an answer in which the assistant doesn't know. */
  offer?: ReactNode;
  /** Shown at the end of a closed conversation. */
  ending?: ReactNode;
}

export function Timeline({ view, drafts, complete, reader, offline, retry, discard, opening, offer, ending }: Props) {
  const other = reader === ParticipantRole.CUSTOMER ? ParticipantRole.AGENT : ParticipantRole.CUSTOMER;
  const otherTypes = useAhead(view.typing[other]);
  const { lines, joinedLast } = arrange(view, complete);
  const last = view.messages.at(-1);
  return (
    <ol className="flex flex-col gap-1.5 px-4 py-4">
      {opening && <li>{opening}</li>}
      {lines.map(({ message, date, joined, first, last }) => (
        <Fragment key={message.name}>
          {date && <Line>{date}</Line>}
          {joined !== undefined && <Joined agent={joined} />}
          <li className={`message ${first ? "mt-2.5" : ""}`} data-role={ParticipantRole[message.role].toLowerCase()}>
            <MessageBubble
              message={message}
              side={sideOf(message, reader)}
              author={first ? authorOf(message, reader) : undefined}
              quoted={message.content?.replyTo ? view.messages.find(({ name }) => name === message.content?.replyTo) : undefined}
              timed={last}
            />
          </li>
        </Fragment>
      ))}
      {offer && last?.kind === MessageKind.UNKNOWN && view.state === ConversationState.AUTOMATED && drafts.length === 0 && !view.turn && (
        <li className="mt-1 animate-rise">{offer}</li>
      )}
      {joinedLast !== undefined && <Joined agent={joinedLast} />}
      {drafts.map((draft) => (
        <li key={draft.requestId} className="mt-1 animate-rise">
          <DraftBubble draft={draft} offline={offline} retry={retry} discard={discard} />
        </li>
      ))}
      {view.turn && (
        <li className="mt-2.5 animate-rise">
          <LiveBubble turn={view.turn} author={last?.role === ParticipantRole.ASSISTANT ? undefined : assistantName(lastOfAssistant(view))} />
        </li>
      )}
      {otherTypes && (
        <li className="mt-2.5 animate-rise">
          <Frame side={reader === ParticipantRole.CUSTOMER ? "agent" : "customer"}>
            <Dots label={reader === ParticipantRole.CUSTOMER ? t("typing.agent", { agent: view.agentName || t("role.anAgent") }) : t("typing.customer")} />
          </Frame>
        </li>
      )}
      {view.state === ConversationState.CLOSED && <Line>{t("timeline.closed")}</Line>}
      {ending && <li className="mt-1">{ending}</li>}
    </ol>
  );
}

const SLOT = "\ufffc";

function Joined({ agent }: { agent: string }) {
  const [before, after] = t("timeline.joined", { agent: SLOT }).split(SLOT);
  return (
    <Line>
      <span className="min-w-0">
        {before}
        <Name>{agent || t("role.anAgent")}</Name>
        {after}
      </span>
    </Line>
  );
}

function Line({ children }: { children: ReactNode }) {
  return (
    <li className="my-2 flex items-center gap-3 text-xs font-medium text-muted before:h-px before:flex-1 before:bg-line after:h-px after:flex-1 after:bg-line">
      {children}
    </li>
  );
}

function sideOf(message: Message, reader: ParticipantRole): Side {
  if (message.note) return "note";
  if (message.role === reader) return "own";
  if (message.role === ParticipantRole.ASSISTANT) return "assistant";
  return message.role === ParticipantRole.AGENT ? "agent" : "customer";
}

function lastOfAssistant({ messages }: View): Message | undefined {
  return messages.findLast(({ role }) => role === ParticipantRole.ASSISTANT);
}

/** The assistant's name, as it last signed; undefined: it hasn't said anything yet. */
export function assistantOf(view: View): string | undefined {
  const last = lastOfAssistant(view);
  return last && assistantName(last);
}

/** The name that a message is signed with. */
function assistantName(message: Message | undefined): string {
  return message?.authorDisplayName || t("role.assistant");
}

function authorOf(message: Message, reader: ParticipantRole): string | undefined {
  if (message.note) return t("role.noteBy", { agent: message.authorDisplayName || t("role.anAgentWithin") });
  if (message.role === ParticipantRole.ASSISTANT) return assistantName(message);
  if (message.role === ParticipantRole.AGENT) return message.authorDisplayName || t("role.agent");
  return reader === ParticipantRole.CUSTOMER ? undefined : t("role.customer");
}
