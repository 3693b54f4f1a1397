/** Announces news to screen readers: complete messages, not streaming words, and a change of the one who answers. */

import { ConversationState } from "@contracts/core/v1/conversation_pb";
import { ParticipantRole } from "@contracts/core/v1/message_pb";
import { useEffect, useRef, useState } from "react";

import { t } from "../i18n";

import type { View } from "./conversation";

interface Props {
  view: View;
  reader: ParticipantRole;
  loaded: boolean;
}

export function Announcer({ view, reader, loaded }: Props) {
  const [text, setText] = useState("");
  const announced = useRef<bigint | null>(null);
  const newest = view.messages.at(-1);

  useEffect(() => {
    if (!loaded) return;
    const seq = newest?.seq ?? 0n;
    if (announced.current === null) announced.current = seq; // earlier messages are no news
    if (!newest || seq <= announced.current) return;
    announced.current = seq;
    if (newest.role !== reader) setText(`${whose(newest.role, newest.authorDisplayName)}: ${newest.text}`);
  }, [loaded, newest, reader]);

  const writing = view.turn !== null;
  useEffect(() => {
    if (writing) setText(t("announce.writing"));
  }, [writing]);

  const state = stateText(view);
  useEffect(() => {
    if (loaded && state) setText(state);
  }, [loaded, state]);

  return (
    <p role="status" aria-live="polite" className="sr-only">
      {text}
    </p>
  );
}

function whose(role: ParticipantRole, name: string): string {
  if (role === ParticipantRole.ASSISTANT) return name || t("role.assistant");
  return role === ParticipantRole.AGENT ? name || t("role.agent") : t("role.customer");
}

function stateText({ state, agentName }: View): string {
  switch (state) {
    case ConversationState.WAITING:
      return t("announce.waiting");
    case ConversationState.ASSIGNED:
      return t("announce.assigned", { agent: agentName || t("role.anAgent") });
    case ConversationState.CLOSED:
      return t("announce.closed");
    default:
      return "";
  }
}
