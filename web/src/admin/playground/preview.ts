/** A question that the assistant answers for an administrator alone, as it grows, with what it was made of. */

import { createClient } from "@connectrpc/connect";
import { durationMs } from "@bufbuild/protobuf/wkt";
import { MessageKind, type Citation } from "@contracts/core/v1/message_pb";
import { ReplyService, type PreviewReplyResponse, type PreviewStep } from "@contracts/core/v1/reply_service_pb";
import type { TokenUsage } from "@contracts/core/v1/turn_step_pb";
import { useCallback, useEffect, useRef, useState } from "react";

import { failure, isSignedOut, type Failure } from "../../api/errors";
import type { BadgeLook } from "../../ui/Badge";
import { useSession } from "../data/session";

type Money = NonNullable<PreviewReplyResponse["cost"]>;

export interface Answer {
  phase: "asking" | "done" | "failed";
  question: string;
  text: string;
  citations: readonly Citation[];
  /** UNSPECIFIED with phase `done`: the assistant is off. */
  kind: MessageKind;
  handsOver: boolean;
  assistant: string;
  tokens: TokenUsage | undefined;
  cost: Money | undefined;
  firstTextMs: number;
  durationMs: number;
  steps: readonly PreviewStep[];
  failure: Failure | undefined;
}

export function asked(question: string): Answer {
  return {
    phase: "asking",
    question,
    text: "",
    citations: [],
    kind: MessageKind.UNSPECIFIED,
    handsOver: false,
    assistant: "",
    tokens: undefined,
    cost: undefined,
    firstTextMs: 0,
    durationMs: 0,
    steps: [],
    failure: undefined,
  };
}

/** An answer with one more frame. The last frame is the one without text and without a step. */
export function folded(before: Answer, frame: PreviewReplyResponse): Answer {
  if (frame.step) return { ...before, steps: [...before.steps, frame.step] };
  if (frame.text) return { ...before, text: before.text + frame.text };
  return {
    ...before,
    citations: frame.citations,
    kind: frame.kind,
    handsOver: frame.handsOver,
    assistant: frame.assistant,
    tokens: frame.tokens,
    cost: frame.cost,
    firstTextMs: frame.firstTextDuration ? durationMs(frame.firstTextDuration) : 0,
    durationMs: frame.duration ? durationMs(frame.duration) : 0,
  };
}

/** Money in the currency of the operator's price list, which has no code: `0.0021`. */
export function amount({ units, nanos }: Money): string {
  const value = Number(units) + nanos / 1e9;
  return value === 0 ? "0" : value < 0.01 ? value.toPrecision(2) : value.toFixed(2);
}

/** `340 ms`, `2.1 s`. */
export function took(ms: number): string {
  return ms < 1000 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(1)} s`;
}

/** The result of an answer for a customer. */
export function verdict({ phase, kind, handsOver }: Answer): { look: BadgeLook; text: string } {
  if (phase === "failed") return { look: "bad", text: "Failed" };
  if (phase === "asking") return { look: "neutral", text: "Answering" };
  if (kind === MessageKind.UNSPECIFIED) return { look: "warn", text: "Assistant is off: agents answer" };
  if (kind === MessageKind.UNKNOWN) return { look: "warn", text: handsOver ? "Doesn't know, hands over" : "Doesn't know, offers a human" };
  return { look: "good", text: handsOver ? "Answered, hands over" : "Answered" };
}

export interface Preview {
  answer: Answer | undefined;
  /** The answer when it is complete; undefined: it failed, or another question came first. */
  ask: (question: string, versions: readonly string[]) => Promise<Answer | undefined>;
  clear: () => void;
}

export function usePreview(): Preview {
  const { organization, transport, account } = useSession();
  const [answer, setAnswer] = useState<Answer>();
  const running = useRef<AbortController>(undefined);
  useEffect(() => () => running.current?.abort(), []);

  const ask = useCallback(
    async (question: string, settingVersions: readonly string[]) => {
      running.current?.abort();
      const control = new AbortController();
      running.current = control;
      const client = createClient(ReplyService, transport);
      for (;;) {
        let current = asked(question);
        setAnswer(current);
        try {
          const request = { parent: organization, text: question, settingVersions: [...settingVersions] };
          for await (const frame of client.previewReply(request, { signal: control.signal })) {
            current = folded(current, frame);
            setAnswer(current);
          }
          current = { ...current, phase: "done" };
          setAnswer(current);
          return current;
        } catch (error) {
          if (control.signal.aborted) return undefined;
          const why = failure(error);
          if (isSignedOut(why)) {
            await account.signedInAgain(why);
            continue;
          }
          setAnswer({ ...current, phase: "failed", failure: why });
          return undefined;
        }
      }
    },
    [organization, transport, account],
  );
  const clear = useCallback(() => {
    running.current?.abort();
    setAnswer(undefined);
  }, []);
  return { answer, ask, clear };
}
