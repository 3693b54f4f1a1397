/** The chat's page: its settings, the form before it if there is one, and the panel. */

import type { Widget } from "@contracts/channel/v1/widget_pb";
import { useEffect } from "react";

import { tab } from "../api/storage";
import { Store, useStore } from "../chat/store";
import { t } from "../i18n";
import type { Chat } from "./chat";
import type { Host } from "./host";
import { LinkPage } from "./LinkPage";
import type { MailLink } from "./mail";
import { Panel } from "./Panel";
import type { Introduction } from "./PreChat";
import { isAsked } from "./settings";

/** The state that the page around the chat and its channel have given so far. */
export interface Scene {
  settings: Widget;
  /** The settings are those of the channel. */
  loaded: boolean;
  /** Signed by the business; empty: its page has no one signed in. */
  identity: string;
  introduction: Introduction | undefined;
  /** The page's question, until it can be sent; empty: none. */
  question: string;
  shown: boolean;
  /** The link in a mail that opened this page, until it is dealt with. */
  link: MailLink | undefined;
}

export type Stage = Store<Scene>;

const OPEN_KEY = "frontdesk:open";

/** Whether the chat was open in this tab before a reload. */
export function wasOpen(): boolean {
  return tab.get(OPEN_KEY) === "yes";
}

interface Props {
  chat: Chat;
  host: Host;
  stage: Stage;
}

export function App({ chat, host, stage }: Props) {
  const { settings, loaded, identity, introduction, question, shown, link } = useStore(stage);
  const { unread } = useStore(chat.store);
  const form = isAsked(settings.preChatName) || isAsked(settings.preChatEmail);
  const asks = form && !identity && !introduction && !chat.isKnown;
  useShown(chat, shown, loaded && !asks && !link);
  useEffect(() => {
    if (!question || !loaded || asks || link) return;
    stage.set({ question: "" });
    chat.say(question);
  }, [chat, stage, question, loaded, asks, link]);
  useEffect(() => {
    if (loaded && (asks || host.isEmbedded) && document.hasFocus()) focusFirst(); // it wasn't there when the panel opened
  }, [host, loaded, asks]);
  useEffect(() => host.unread(unread, t("launcher.unread", { count: unread })), [host, unread]);
  if (link) {
    const done = () => {
      stage.set({ link: undefined });
      chat.resume();
    };
    return <LinkPage link={link} title={settings.title} resume={chat.resumeBy} done={done} />;
  }
  return (
    <Panel
      chat={chat}
      settings={settings}
      loaded={loaded}
      asks={asks}
      introduce={(given) => {
        stage.set({ introduction: given });
        requestAnimationFrame(focusFirst);
      }}
      close={host.isEmbedded ? () => host.close() : undefined}
    />
  );
}

/** Moves the keyboard focus to where the customer writes. */
export function focusFirst(): void {
  document.querySelector<HTMLElement>("main form :is(textarea, input:not([type=file], [type=radio]))")?.focus({ preventScroll: true });
}

/** Reports to the chat whether it is visible, and looks for conversations to come back to when it is shown first. */
function useShown(chat: Chat, shown: boolean, startable: boolean): void {
  useEffect(() => {
    const report = () => chat.show(shown && document.visibilityState === "visible");
    report();
    tab.set(OPEN_KEY, shown ? "yes" : "no");
    document.addEventListener("visibilitychange", report);
    return () => document.removeEventListener("visibilitychange", report);
  }, [chat, shown]);
  useEffect(() => {
    if (shown && startable && chat.store.get().phase === "idle") chat.start();
  }, [chat, shown, startable]);
}
