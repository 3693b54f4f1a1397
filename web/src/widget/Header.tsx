/** The line at the top: whose chat it is, who answers, and where else to go. */

import { ConversationState } from "@contracts/core/v1/conversation_pb";

import { t } from "../i18n";
import { IconButton } from "../ui/Button";
import { Icon } from "../ui/Icon";
import { isolated, Name } from "../ui/Name";
import type { ChatState } from "./chat";

interface Props {
  title: string;
  /** Path of the business's logo; empty: none. */
  logo: string;
  state: ChatState;
  /** The assistant is the first who answers. */
  assistant: boolean;
  close: (() => void) | undefined;
  listing: boolean;
  list: (() => void) | undefined;
  startNew: (() => void) | undefined;
}

export function Header({ title, logo, state, assistant, close, listing, list, startNew }: Props) {
  return (
    <header className="flex items-center gap-3 border-b border-line py-2.5 ps-4 pe-2">
      <Badge logo={logo} state={state} />
      <div className="min-w-0 flex-1">
        <h1 className="min-h-[1.3125rem] truncate font-display text-[1.05rem] leading-tight font-semibold">
          <Name>{title}</Name>
        </h1>
        <p className="min-h-4 truncate text-xs text-muted">{whoAnswers(state, assistant)}</p>
      </div>
      {startNew && !listing && <IconButton icon="plus" label={t("panel.newChat")} disabled={state.startingNew} onClick={startNew} />}
      {list && (
        <IconButton
          icon={listing ? "back" : "list"}
          label={listing ? t("list.back") : t("list.title")}
          aria-expanded={listing}
          className={listing ? "rtl:-scale-x-100" : ""}
          onClick={list}
        />
      )}
      {close && <IconButton icon="close" label={t("panel.close")} onClick={close} />}
    </header>
  );
}

function Badge({ logo, state }: Pick<Props, "logo" | "state">) {
  const human = state.view.state === ConversationState.ASSIGNED;
  return (
    <span className="relative grid size-10 shrink-0 place-items-center rounded-full bg-soft text-on-soft">
      {logo ? <img src={logo} alt="" className="size-10 rounded-full object-cover" /> : <Icon name={human ? "person" : "assistant"} />}
      {state.phase !== "idle" && (
        <span className={`absolute end-0 bottom-0 size-2.5 rounded-full border-2 border-surface ${state.connection === "live" ? "bg-live" : "bg-edge"}`} />
      )}
    </span>
  );
}

function whoAnswers({ view, phase, fresh, quotesOnly }: ChatState, assistant: boolean): string {
  if (phase === "idle" || (phase === "starting" && fresh)) return assistant ? t("who.assistant") : "";
  if (phase === "starting" && view.messages.length === 0) return t("who.connecting");
  switch (view.state) {
    case ConversationState.WAITING:
      return t("standing.waiting");
    case ConversationState.ASSIGNED:
      return view.agentName ? t("who.agent", { agent: isolated(view.agentName) }) : t("who.anAgent");
    case ConversationState.CLOSED:
      return t("standing.closed");
    default:
      return quotesOnly ? t("who.quotes") : t("who.assistant");
  }
}
