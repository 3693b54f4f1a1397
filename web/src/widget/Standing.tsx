/** The line under the header, in any unusual state. */

import { ConversationState } from "@contracts/core/v1/conversation_pb";

import { Banner } from "../ui/Banner";
import { isClosedToWriting, type ChatState } from "./chat";

interface Props {
  state: ChatState;
  online: boolean;
  /** There are messages or drafts on the screen. */
  begun: boolean;
  again: () => void;
  dismiss: () => void;
}

export function Standing({ state, online, begun, again, dismiss }: Props) {
  if (!online) {
    return (
      <Banner look="warn" icon="offline">
        You're offline. We'll send what you write when you're back.
      </Banner>
    );
  }
  if (state.connection === "retrying") {
    return (
      <Banner look="warn" icon="retry">
        Connection lost. We'll keep trying; nothing is lost.
      </Banner>
    );
  }
  if (state.failure && state.phase === "failed" && begun) {
    const closed = isClosedToWriting(state);
    return (
      <Banner look={closed ? "bad" : "warn"} icon={closed ? "alert" : "retry"} action={closed && <Action label="Try again" run={again} />}>
        {closed ? state.failure.sentence : `${state.failure.sentence} We'll keep trying; nothing is lost.`}
      </Banner>
    );
  }
  if (state.failure && state.phase === "ready") {
    return (
      <Banner look="bad" icon="alert" action={<Action label="OK" run={dismiss} />}>
        {state.failure.sentence}
      </Banner>
    );
  }
  if (state.view.state === ConversationState.WAITING) {
    return (
      <Banner look="warn" icon="clock">
        You're in the queue. An agent will reply here; you can keep typing.
      </Banner>
    );
  }
  return null;
}

function Action({ label, run }: { label: string; run: () => void }) {
  return (
    <button type="button" className="min-h-6 font-semibold underline" onClick={run}>
      {label}
    </button>
  );
}
