/** The chat on its page: header, conversation and composer. */

import { ConversationState } from "@contracts/core/v1/conversation_pb";
import { ParticipantRole } from "@contracts/core/v1/message_pb";
import type { Widget } from "@contracts/channel/v1/widget_pb";
import { useRef, useState, type KeyboardEvent } from "react";

import { Announcer } from "../chat/Announcer";
import type { DraftFile } from "../chat/files";
import { Composer } from "../chat/Composer";
import { LinkTo } from "../chat/Parts";
import { Scroller } from "../chat/Scroller";
import { useStore } from "../chat/store";
import { assistantOf, Timeline } from "../chat/Timeline";
import { t } from "../i18n";
import { Button } from "../ui/Button";
import { Icon } from "../ui/Icon";
import { isolated } from "../ui/Name";
import { useOnline } from "../ui/online";
import { Spinner } from "../ui/Spinner";
import { isClosedToWriting, textKey, type Chat, type ChatState } from "./chat";
import { Conversations } from "./Conversations";
import { Header } from "./Header";
import { MailCard, useMailView } from "./MailCard";
import { Consent, Opening, Problem, Skeleton } from "./Opening";
import { PreChat, type Introduction } from "./PreChat";
import { Rating } from "./Rating";
import { Standing } from "./Standing";

const LIMIT = 4000;

interface Props {
  chat: Chat;
  settings: Widget;
  /** The settings are those of the channel. */
  loaded: boolean;
  /** The form before the chat is to be filled in. */
  asks: boolean;
  introduce: (introduction: Introduction) => void;
  /** Undefined where the chat is a page of its own. */
  close: (() => void) | undefined;
}

export function Panel({ chat, settings, loaded, asks, introduce, close }: Props) {
  const state = useStore(chat.store);
  const online = useOnline();
  const field = useRef<HTMLTextAreaElement>(null);
  const [listing, setListing] = useState(false);
  const begun = state.view.messages.length > 0 || state.drafts.length > 0;

  const say = (text: string, files: readonly DraftFile[] = []) => {
    chat.say(text, files);
    field.current?.focus();
  };
  const back = () => {
    setListing(false);
    requestAnimationFrame(() => field.current?.focus({ preventScroll: true })); // it is there again after this render
  };
  const startNew = async () => {
    if (await chat.startNew()) back();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== "Escape" || event.nativeEvent.isComposing || event.defaultPrevented) return;
    if (listing) back();
    else close?.();
  };

  return (
    <main aria-label={t("panel.name", { title: settings.title })} onKeyDown={onKeyDown} className="flex h-dvh flex-col overflow-hidden bg-surface">
      <Header
        title={settings.title}
        logo={settings.logoPath}
        state={state}
        assistant={settings.assistantAnswers}
        close={close}
        listing={listing}
        list={asks || state.phase === "idle" ? undefined : () => (listing ? back() : setListing(true))}
        startNew={begun && !asks ? () => void startNew() : undefined}
      />
      {!asks && <Standing chat={chat} state={state} online={online} begun={begun} leavable={settings.assistantAnswers} />}
      {!loaded ? (
        <div className="flex-1">
          <Skeleton />
        </div>
      ) : asks ? (
        <PreChat settings={settings} introduce={introduce} />
      ) : listing ? (
        <Conversations
          list={chat.list}
          shown={state.conversation}
          busy={state.startingNew}
          open={(name) => {
            chat.open(name);
            back();
          }}
          startNew={() => void startNew()}
        />
      ) : (
        <LinkTo value={chat.linkTo}>
          <h2 className="sr-only">{t("panel.log")}</h2>
          <Body chat={chat} settings={settings} state={state} online={online} say={say} />
        </LinkTo>
      )}
      <Announcer view={state.view} reader={ParticipantRole.CUSTOMER} loaded={state.phase === "ready"} />
      {loaded && !asks && !listing && !isClosedToWriting(state) && (
        <div>
          <Composer
            field={field}
            label={t("composer.label")}
            placeholder={placeholder(state)}
            limit={LIMIT}
            keep={textKey(state.conversation)}
            onSend={say}
            files={chat.files}
            noFiles={settings.files ? "" : t("composer.noFiles")}
            voice={settings.files}
            onTyping={() => chat.typing()}
          >
            <HumanButton state={state} ask={() => void chat.askHuman()} />
          </Composer>
          {!begun && <Consent settings={settings} />}
        </div>
      )}
    </main>
  );
}

function placeholder({ view }: ChatState): string {
  if (view.state === ConversationState.ASSIGNED) {
    return view.agentName ? t("composer.toAgent", { agent: isolated(view.agentName) }) : t("composer.toUs");
  }
  if (view.state === ConversationState.CLOSED) return t("composer.reopen");
  return view.state === ConversationState.WAITING ? t("composer.waiting") : t("composer.ask");
}

interface BodyProps {
  chat: Chat;
  settings: Widget;
  state: ChatState;
  online: boolean;
  say: (text: string) => void;
}

function Body({ chat, settings, state, online, say }: BodyProps) {
  const empty = state.view.messages.length === 0 && state.drafts.length === 0;
  const mail = useMailView(chat.mail, state);
  if (state.phase === "expired" || (state.phase === "failed" && empty)) {
    return <Problem state={state} retry={chat.again} />;
  }
  const waiting = state.phase === "starting" && !state.fresh;
  const rates = settings.ratings && state.view.state === ConversationState.CLOSED && !empty;
  return (
    <Scroller label={t("panel.log")} own={state.drafts.at(-1)?.requestId} first={`${state.view.messages[0]?.name} ${state.hasOlder}`}>
      {waiting && empty ? (
        <Skeleton />
      ) : (
        <Timeline
          view={state.view}
          drafts={state.drafts}
          complete={!state.hasOlder}
          reader={ParticipantRole.CUSTOMER}
          offline={!online}
          retry={chat.retry}
          discard={chat.discard}
          offer={
            <Button icon="person" busy={state.askingHuman} onClick={() => void chat.askHuman()}>
              {t("human.offer")}
            </Button>
          }
          opening={
            state.hasOlder ? (
              <div className="flex justify-center pb-2">
                <Button busy={state.loadingOlder} onClick={chat.loadOlder}>
                  {t("panel.older")}
                </Button>
              </div>
            ) : (
              <Opening
                greeting={settings.greeting || state.greeting}
                author={assistantOf(state.view)}
                quotesOnly={state.quotesOnly}
                suggestions={empty ? settings.suggestions : []}
                ask={say}
              />
            )
          }
          ending={
            (rates || mail !== "none") && (
              <>
                {rates && <Rating key={state.conversation} given={state.view.rating} busy={state.rating} rate={chat.rate} />}
                {mail !== "none" && <MailCard key={`${state.conversation} mail`} mail={chat.mail} view={mail} />}
              </>
            )
          }
        />
      )}
    </Scroller>
  );
}

function HumanButton({ state, ask }: { state: ChatState; ask: () => void }) {
  const { AUTOMATED, UNSPECIFIED } = ConversationState; // unspecified: nothing has been said yet
  if (![AUTOMATED, UNSPECIFIED].includes(state.view.state)) {
    return <span className="hidden sm:inline">{t("composer.keys")}</span>;
  }
  return (
    <button
      type="button"
      onClick={ask}
      disabled={state.askingHuman}
      className="-mx-1 inline-flex min-h-7 items-center gap-1.5 rounded-full px-2 font-semibold text-link transition-colors hover:bg-soft hover:text-on-soft"
    >
      {state.askingHuman ? <Spinner className="size-3.5" /> : <Icon name="person" className="size-3.5" />}
      {t("human.ask")}
    </button>
  );
}
