/** The chat's page, in the frame of a business's page or on its own: `/chat/{organization}/{channel}`. */

import "./widget.css";

import { createRoot } from "react-dom/client";

import { speakBy } from "../api/errors";
import { Store } from "../chat/store";
import { choose, directionOf, speak, type Catalogue, type Language } from "../i18n";
import { App, focusFirst, wasOpen, type Scene } from "./App";
import { Chat } from "./chat";
import { sentenceOf } from "./failures";
import { Host } from "./host";
import { dress, lookOf } from "./look";
import { takeLink } from "./mail";
import { noSettings, settingsOf } from "./settings";

const CATALOGUES: Record<Language, () => Promise<{ default: Catalogue }>> = {
  en: () => import("../i18n/en.json"),
  de: () => import("../i18n/de.json"),
  es: () => import("../i18n/es.json"),
  fr: () => import("../i18n/fr.json"),
  nl: () => import("../i18n/nl.json"),
  ar: () => import("../i18n/ar.json"),
};

/** `data-language` of the page: chosen by the channel service from the site's attribute, the channel's languages and the browser's. */
async function speakIn(wanted: string): Promise<Language> {
  const language = choose(wanted, [], navigator.languages);
  const { default: catalogue } = await CATALOGUES[language]();
  speak(language, catalogue, navigator.languages);
  speakBy(sentenceOf);
  document.documentElement.lang = language;
  document.documentElement.dir = directionOf(language);
  return language;
}

/** A page of its own has an icon in its tab. */
function wearIcon(): void {
  const icon = document.createElement("link");
  icon.rel = "icon";
  icon.href = "/icon.svg";
  document.head.append(icon);
}

async function start(): Promise<void> {
  const { channel = "", language: wanted = "" } = document.documentElement.dataset;
  const link = takeLink(window);
  const host = new Host(window);
  const greeted = host.greet(wasOpen()); // before anything is awaited: a frame that stays silent counts as blocked
  if (!host.isEmbedded) wearIcon();
  const settings = settingsOf(channel, wanted);
  const [language, identity] = await Promise.all([speakIn(wanted), greeted]);
  const stage = new Store<Scene>({ settings: noSettings(), loaded: false, identity, introduction: undefined, question: "", shown: !host.isEmbedded, link });
  const chat = new Chat(channel, () => {
    const { identity: identityToken, introduction } = stage.get();
    return { identityToken, displayName: introduction?.displayName ?? "", email: introduction?.email ?? "", language };
  });
  createRoot(document.getElementById("root")!).render(<App chat={chat} host={host} stage={stage} />);
  host.listen({
    identity: (token) => {
      if (token === stage.get().identity) return;
      stage.set({ identity: token });
      chat.again();
    },
    shown: (shown, _, focus) => {
      stage.set({ shown });
      if (shown && focus) focusFirst();
    },
    ask: (question) => stage.set({ question }),
  });
  if (!link) chat.resume();
  const found = await settings;
  if ("code" in found) {
    stage.set({ loaded: true }); // a page of its own says why, once the customer writes
    return host.failed(`${found.sentence} (${channel})`);
  }
  document.title = found.title;
  stage.set({ settings: found, loaded: true });
  dress(found, () => host.look(lookOf(found)));
}

void start();
