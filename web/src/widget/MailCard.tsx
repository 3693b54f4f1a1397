/** Answers by mail, at the end of a conversation whose customer need not wait for them here. */

import { ConversationState } from "@contracts/core/v1/conversation_pb";
import { MailAddressState } from "@contracts/channel/v1/web_chat_mail_service_pb";
import { useEffect, useId, useState } from "react";

import { useStore } from "../chat/store";
import { t } from "../i18n";
import { Button } from "../ui/Button";
import { isolated } from "../ui/Name";
import type { ChatState } from "./chat";
import { mailView, type ChatMail, type MailState, type MailView } from "./mail";
import { isNoOneThere } from "./Standing";

const LOOK_EVERY_MS = 15_000;

/** The view of mail in the shown conversation. Looks again while an address waits to be confirmed, and when the state changes. */
export function useMailView(mail: ChatMail, { phase, conversation, view, availability }: ChatState): MailView {
  const { conversation: of, found } = useStore(mail.store);
  const { WAITING, ASSIGNED, CLOSED } = ConversationState;
  const looks = phase === "ready" && [WAITING, ASSIGNED, CLOSED].includes(view.state);
  const waits = found?.state === MailAddressState.UNCONFIRMED;
  useEffect(() => {
    if (!looks) return;
    void mail.look(conversation);
    if (!waits) return;
    const timer = setInterval(() => document.visibilityState === "visible" && void mail.look(conversation), LOOK_EVERY_MS);
    return () => clearInterval(timer);
  }, [mail, conversation, view.state, looks, waits]);
  if (!looks || of !== conversation) return "none";
  return mailView(found, view.state === WAITING && isNoOneThere(availability), view.state === CLOSED);
}

/** `view` is not `none`. */
export function MailCard({ mail, view }: { mail: ChatMail; view: MailView }) {
  const state = useStore(mail.store);
  return (
    <section aria-label={t("mail.title")} className="mt-1 flex flex-col gap-3 rounded-2xl border border-line p-3.5 text-sm">
      {view === "form" ? <Form state={state} leave={(address) => void mail.leave(address, document.documentElement.lang)} /> : <Left mail={mail} state={state} view={view} />}
      {state.problem && (
        <p role="alert" className="text-danger">
          {state.problem}
        </p>
      )}
    </section>
  );
}

function Form({ state, leave }: { state: MailState; leave: (address: string) => void }) {
  const [address, setAddress] = useState("");
  const field = useId();
  return (
    <form
      className="flex flex-col gap-3"
      onSubmit={(event) => {
        event.preventDefault();
        leave(address.trim());
      }}
    >
      <p>{t("mail.offer")}</p>
      <label htmlFor={field} className="font-semibold">
        {t("form.email")}
      </label>
      <input
        id={field}
        type="email"
        dir="auto"
        required
        maxLength={254}
        autoComplete="email"
        value={address}
        onChange={(event) => setAddress(event.target.value)}
        className="min-h-11 rounded-xl border border-edge bg-surface px-3.5 text-base"
      />
      <Button type="submit" look="primary" busy={state.busy} className="min-h-11 self-end">
        {t("mail.leave")}
      </Button>
    </form>
  );
}

function Left({ mail, state, view }: { mail: ChatMail; state: MailState; view: MailView }) {
  const address = isolated(state.found?.maskedAddress ?? "");
  const words = view === "unconfirmed" ? t("mail.check", { address }) : view === "confirmed" ? t("mail.confirmed", { address }) : state.sent ? t("mail.sent", { address }) : "";
  return (
    <>
      <p role="status" className={words ? "" : "sr-only"}>
        {words}
      </p>
      <div className="flex flex-wrap justify-end gap-2">
        <Button look="quiet" disabled={state.busy} className="min-h-11" onClick={() => void mail.remove()}>
          {t("mail.remove")}
        </Button>
        {view === "transcript" && !state.sent && (
          <Button busy={state.busy} className="min-h-11" onClick={() => void mail.sendTranscript()}>
            {t("mail.transcript", { address })}
          </Button>
        )}
      </div>
    </>
  );
}
