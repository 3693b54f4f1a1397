/** One utterance on the screen. */

import { Code } from "@connectrpc/connect";
import { TextFormat, type Message } from "@contracts/core/v1/message_pb";
import { useCallback, useContext, useId, useMemo, useState, type ReactNode } from "react";

import { t } from "../i18n";
import { Icon } from "../ui/Icon";
import { Markdown } from "../ui/Markdown";
import { Name } from "../ui/Name";
import { clockTime } from "../ui/time";
import { numbered } from "./citations";
import { millis, type LiveTurn } from "./conversation";
import { DeliveryOf, type DeliveryShown } from "./delivery";
import type { Draft } from "./outbox";
import { Parts, Quoted } from "./Parts";
import { Plain } from "./Plain";
import { SourceList, SourceMark } from "./Sources";

/** The author's side: `own` is the person at this screen. */
export type Side = "own" | "assistant" | "agent" | "customer" | "note";

const LOOKS: Record<Side, string> = {
  own: "bg-accent text-on-accent rounded-ee-md",
  assistant: "bg-sunken text-ink rounded-es-md",
  agent: "bg-soft text-on-soft rounded-es-md",
  customer: "bg-sunken text-ink rounded-es-md",
  note: "bg-note text-on-note rounded-ee-md",
};

interface FrameProps {
  side: Side;
  /** The author, above the first of several messages. */
  author?: string | undefined;
  /** Below it: time, state. */
  footer?: ReactNode;
  busy?: boolean;
  children: ReactNode;
}

export function Frame({ side, author, footer, busy = false, children }: FrameProps) {
  const end = side === "own" || side === "note";
  return (
    <div className={`flex flex-col ${end ? "items-end ps-10" : "items-start pe-6"}`} aria-busy={busy}>
      {author && (
        <p className="mb-1 flex items-center gap-1.5 px-1 text-xs font-semibold text-muted">
          {side === "assistant" && <Icon name="assistant" className="size-3.5 text-link" />}
          {side === "note" && <Icon name="note" className="size-3.5" />}
          <Name>{author}</Name>
        </p>
      )}
      <div className={`max-w-full rounded-[1.15rem] px-3.5 py-2.5 text-[0.94rem] ${LOOKS[side]}`}>{children}</div>
      {footer && <div className="mt-1 px-1 text-xs text-muted">{footer}</div>}
    </div>
  );
}

interface MessageProps {
  message: Message;
  side: Side;
  author?: string | undefined;
  /** The message that it answers, if it is on the screen. */
  quoted?: Message | undefined;
  /** Show when it was said. */
  timed: boolean;
}

export function MessageBubble({ message, side, author, quoted, timed }: MessageProps) {
  const [open, setOpen] = useState<number | null>(null);
  const panel = useId();
  const toggle = useCallback((index: number) => setOpen((now) => (now === index ? null : index)), []);
  const { sources, marks } = useMemo(() => numbered(message.citations), [message.citations]);
  const mark = useCallback(
    (index: number) => (
      <SourceMark
        index={index}
        source={sources[index - 1]}
        open={open === index}
        panel={panel}
        toggle={toggle}
      />
    ),
    [sources, open, panel, toggle],
  );
  const time = message.createTime && millis(message.createTime);
  const delivery = useContext(DeliveryOf)(message.name);
  const clock = timed && time ? <time dateTime={new Date(time).toISOString()}>{clockTime(time)}</time> : null;
  return (
    <Frame side={side} author={author} footer={delivery ? <Delivered delivery={delivery} clock={clock} /> : clock}>
      {quoted && <Quoted message={quoted} />}
      {message.content ? (
        <Parts content={message.content} />
      ) : message.format === TextFormat.MARKDOWN ? (
        <Markdown text={message.text} marks={marks} mark={mark} />
      ) : (
        <Plain text={message.text} />
      )}
      {sources.length > 0 && <SourceList sources={sources} open={open} panel={panel} toggle={toggle} />}
    </Frame>
  );
}

/** How far a message has come at its provider; a failure with its reason. */
function Delivered({ delivery: { text, problem, retry }, clock }: { delivery: DeliveryShown; clock: ReactNode }) {
  return (
    <span className={`flex flex-wrap items-center gap-x-2 ${problem ? "text-danger" : ""}`}>
      {clock}
      <span>{problem ? `${text}: ${problem}` : text}</span>
      {retry && (
        <button type="button" className="inline-flex min-h-6 items-center gap-1 font-semibold underline" onClick={retry}>
          <Icon name="retry" className="size-3.5" />
          Send again
        </button>
      )}
    </span>
  );
}

const loose = (index: number) => <SourceMark index={index} source={undefined} open={false} panel="" toggle={() => undefined} />;

/** The assistant's answer as it grows, or dots while there is nothing to read yet. */
export function LiveBubble({ turn, author }: { turn: LiveTurn; author?: string | undefined }) {
  const { marks } = useMemo(() => numbered(turn.citations), [turn.citations]);
  return (
    <Frame side="assistant" author={author} busy>
      {turn.text === "" ? (
        <Dots label={t("bubble.writing")} />
      ) : (
        <div data-live className={turn.done ? "" : "live-text"}>
          <Markdown text={turn.text} marks={marks} mark={loose} />
        </div>
      )}
    </Frame>
  );
}

export function Dots({ label }: { label: string }) {
  return (
    <span className="flex h-6 items-center gap-1" role="img" aria-label={label}>
      <span className="size-1.5 animate-dot rounded-full bg-current" />
      <span className="size-1.5 animate-dot rounded-full bg-current [animation-delay:0.15s]" />
      <span className="size-1.5 animate-dot rounded-full bg-current [animation-delay:0.3s]" />
    </span>
  );
}

interface DraftProps {
  draft: Draft;
  offline: boolean;
  retry: (requestId: string) => void;
  discard: (requestId: string) => void;
}

/** A message on its way. */
export function DraftBubble({ draft, offline, retry, discard }: DraftProps) {
  return (
    <Frame side={draft.note ? "note" : "own"} footer={<DraftState draft={draft} offline={offline} retry={retry} discard={discard} />}>
      <div>
        {draft.text !== "" && <Plain text={draft.text} />}
        {draft.files?.map(({ media, fileName }) => (
          <p key={media} className="flex items-center gap-2">
            <Icon name="file" className="size-5" />
            <Name>{fileName}</Name>
          </p>
        ))}
      </div>
    </Frame>
  );
}

function DraftState({ draft, offline, retry, discard }: DraftProps) {
  if (draft.state === "sending" && draft.failure && !offline) return <Retrying draft={draft} discard={discard} />;
  if (draft.state === "sending") return <>{offline ? t("draft.offline") : t("draft.sending")}</>;
  if (draft.state === "queued") {
    return (
      <span className="inline-flex items-center gap-1">
        <Icon name="clock" className="size-3.5" />
        {t("draft.queued")}
      </span>
    );
  }
  return (
    <span role="alert" className="flex flex-wrap items-center justify-end gap-x-3 gap-y-1 text-danger">
      <span>
        {t("draft.failed")} {draft.failure?.sentence}
      </span>
      <button type="button" className="inline-flex min-h-6 items-center gap-1 font-semibold underline" onClick={() => retry(draft.requestId)}>
        <Icon name="retry" className="size-3.5" />
        {t("draft.again")}
      </button>
      <Remove draft={draft} discard={discard} />
    </span>
  );
}

function Retrying({ draft, discard }: Pick<DraftProps, "draft" | "discard">) {
  const limited = draft.failure?.code === Code.ResourceExhausted;
  return (
    <span role="status" className="flex flex-wrap items-center justify-end gap-x-3 gap-y-1">
      <span className="inline-flex items-center gap-1">
        <Icon name="clock" className="size-3.5" />
        {limited ? t("draft.limited") : t("draft.retrying")}
      </span>
      <Remove draft={draft} discard={discard} />
    </span>
  );
}

function Remove({ draft, discard }: Pick<DraftProps, "draft" | "discard">) {
  return (
    <button type="button" className="min-h-6 underline" onClick={() => discard(draft.requestId)}>
      {t("draft.remove")}
    </button>
  );
}
