/** The line under the header: only there when something is out of the ordinary. */

import { ConversationState } from "@contracts/core/v1/conversation_pb";

import { Banner } from "../ui/Banner";
import type { ChatState } from "./chat";

interface Props {
  state: ChatState;
  online: boolean;
  dismiss: () => void;
}

export function Standing({ state, online, dismiss }: Props) {
  if (!online) {
    return (
      <Banner look="warn" icon="offline">
        You are offline. What you write goes out as soon as you are back.
      </Banner>
    );
  }
  if (state.connection === "retrying") {
    return (
      <Banner look="warn" icon="retry">
        The connection is gone. We keep trying; nothing is lost.
      </Banner>
    );
  }
  if (state.failure && state.phase === "ready") {
    return (
      <Banner
        look="bad"
        icon="alert"
        action={
          <button type="button" className="min-h-6 font-semibold underline" onClick={dismiss}>
            OK
          </button>
        }
      >
        {state.failure.sentence}
      </Banner>
    );
  }
  if (state.view.state === ConversationState.WAITING) {
    return (
      <Banner look="warn" icon="clock">
        You are in line for a human. The answer comes right here; you may go on writing.
      </Banner>
    );
  }
  return null;
}
