/** The line under the header, in any unusual state. */

import { AgentsOnline, type HumanAvailability } from "@contracts/channel/v1/widget_pb";
import { ConversationState } from "@contracts/core/v1/conversation_pb";
import { useEffect, type ReactNode } from "react";

import { millis } from "../chat/conversation";
import { locale, t } from "../i18n";
import { Banner } from "../ui/Banner";
import { occasion } from "../ui/time";
import { isClosedToWriting, type Chat, type ChatState } from "./chat";

const LOOK_EVERY_MS = 10_000;

interface Props {
  chat: Chat;
  state: ChatState;
  online: boolean;
  /** There are messages or drafts on the screen. */
  begun: boolean;
  /** The customer can return to the assistant. */
  leavable: boolean;
}

export function Standing({ chat, state, online, begun, leavable }: Props) {
  const waits = state.view.state === ConversationState.WAITING;
  useEffect(() => {
    if (!waits || !online) return;
    void chat.lookForHumans();
    const timer = setInterval(() => document.visibilityState === "visible" && void chat.lookForHumans(), LOOK_EVERY_MS);
    return () => clearInterval(timer);
  }, [chat, waits, online, state.conversation]);

  if (!online) {
    return (
      <Banner look="warn" icon="offline">
        {t("standing.offline")}
      </Banner>
    );
  }
  if (state.connection === "retrying") {
    return (
      <Banner look="warn" icon="retry">
        {t("standing.lost")}
      </Banner>
    );
  }
  if (state.failure && state.phase === "failed" && begun) {
    const closed = isClosedToWriting(state);
    return (
      <Banner look={closed ? "bad" : "warn"} icon={closed ? "alert" : "retry"} action={closed && <Action label={t("action.tryAgain")} run={chat.again} />}>
        {closed ? state.failure.sentence : `${state.failure.sentence} ${t("standing.keepTrying")}`}
      </Banner>
    );
  }
  if (state.failure && state.phase === "ready") {
    return (
      <Banner look="bad" icon="alert" action={<Action label={t("action.ok")} run={chat.dismissFailure} />}>
        {state.failure.sentence}
      </Banner>
    );
  }
  if (!waits) return null;
  return (
    <Banner look="warn" icon="clock">
      {waiting(state.availability).map((sentence) => (
        <p key={sentence}>{sentence}</p>
      ))}
      {leavable && (
        <p className="mt-1">
          <Action label={t("human.leave")} busy={state.leavingQueue} run={() => void chat.leaveQueue()} />
        </p>
      )}
    </Banner>
  );
}

/** Whether it is known that no human will answer soon. */
export function isNoOneThere(known: HumanAvailability | undefined): boolean {
  return known !== undefined && (!known.open || known.agentsOnline === AgentsOnline.NONE);
}

/** The sentences that are true for a customer who waits. */
function waiting(known: HumanAvailability | undefined): string[] {
  if (known && isNoOneThere(known)) {
    const back = known.nextOpenTime ? t("human.backAt", { time: occasion(millis(known.nextOpenTime)) }) : t("human.later");
    return [known.open ? t("human.none") : t("human.closed"), back];
  }
  const place = known && known.place > 0 ? t("human.place", { count: known.place }) : "";
  const wait = known?.usualWait ? t("human.wait", { time: minutes(Number(known.usualWait.seconds)) }) : "";
  return [t("human.queue"), [place, wait].filter(Boolean).join(" ")].filter(Boolean);
}

function minutes(seconds: number): string {
  const format = new Intl.NumberFormat(locale(), { style: "unit", unit: "minute", unitDisplay: "long" });
  return format.format(Math.max(1, Math.round(seconds / 60)));
}

function Action({ label, run, busy = false }: { label: string; run: () => void; busy?: boolean }): ReactNode {
  return (
    <button type="button" disabled={busy} className="min-h-6 font-semibold underline disabled:opacity-60" onClick={run}>
      {label}
    </button>
  );
}
