/** A web chat's settings as its form holds them, and the request that it makes. */

import { create, type MessageInitShape } from "@bufbuild/protobuf";
import { WebChatConfigSchema, WidgetTextsSchema, type Channel, type WebChatConfig } from "@contracts/channel/v1/channel_pb";
import type { ChannelService } from "@contracts/channel/v1/channel_service_pb";

import { tooLong } from "../../ui/Field";
import { contrast, isColour, OWN_ACCENT, OWN_DARK_ACCENT, READABLE, textOn } from "./colours";
import { originsOf, originsProblem } from "./origins";

/** Texts in one language. */
export interface Texts {
  title: string;
  greeting: string;
  suggestions: readonly string[];
  consentText: string;
}

export interface WebChatValue extends Texts {
  displayName: string;
  position: number;
  accentColor: string;
  accentTextColor: string;
  darkAccentColor: string;
  darkAccentTextColor: string;
  languages: readonly string[];
  /** By language. */
  texts: Readonly<Record<string, Texts>>;
  preChatName: number;
  preChatEmail: number;
  consentUri: string;
  ratingsOff: boolean;
  /** One in each line. */
  allowedOrigins: string;
  identityRequired: boolean;
  /** Empty: the stored one stays. */
  identitySecret: string;
}

export const NO_TEXTS: Texts = { title: "", greeting: "", suggestions: [], consentText: "" };
export const MAX_SUGGESTIONS = 6;
export const MAX_GREETING = 500;

/** The languages that the chat's own words are translated to. */
export const LANGUAGES = ["en", "de", "es", "fr", "nl", "ar"] as const;

export function valueOf(channel: Channel, config: WebChatConfig): WebChatValue {
  const { $typeName: _, identitySecret: __, logoPath: ___, allowedOrigins, texts, ...plain } = config;
  return {
    ...plain,
    displayName: channel.displayName,
    allowedOrigins: allowedOrigins.join("\n"),
    identitySecret: "",
    texts: Object.fromEntries(Object.entries(texts).map(([language, { title, greeting, suggestions, consentText }]) => [language, { title, greeting, suggestions, consentText }])),
  };
}

const PATHS = [
  "title greeting suggestions position accent_color accent_text_color dark_accent_color dark_accent_text_color languages texts",
  "pre_chat_name pre_chat_email consent_text consent_uri ratings_off allowed_origins identity_required",
].flatMap((some) => some.split(" ").map((field) => `web_chat.${field}`));

export function requestOf(name: string, value: WebChatValue, etag: string): MessageInitShape<typeof ChannelService.method.updateChannel.input> {
  const { displayName, allowedOrigins, identitySecret, texts, suggestions, languages, ...plain } = value;
  const secret = identitySecret.trim();
  const config = create(WebChatConfigSchema, {
    ...plain,
    suggestions: filled(suggestions),
    languages: [...languages],
    allowedOrigins: originsOf(allowedOrigins),
    texts: Object.fromEntries(Object.entries(texts).map(([language, each]) => [language, create(WidgetTextsSchema, { ...each, suggestions: filled(each.suggestions) })])),
    ...(secret && { identitySecret: secret }),
  });
  return {
    channel: { name, etag, displayName: displayName.trim(), config: { case: "webChat", value: config } },
    updateMask: { paths: ["display_name", ...PATHS, ...(secret ? ["web_chat.identity_secret"] : [])] },
  };
}

function filled(suggestions: readonly string[]): string[] {
  return suggestions.map((each) => each.trim()).filter((each) => each !== "");
}

/** Why it can't be saved; undefined: it can. */
export function problemOf(value: WebChatValue): string | undefined {
  if (value.displayName.trim() === "") return "The channel needs a name.";
  for (const colour of [value.accentColor, value.accentTextColor, value.darkAccentColor, value.darkAccentTextColor]) {
    if (colour && !isColour(colour)) return "Write colours as #rrggbb.";
  }
  for (const dark of [false, true]) {
    const { accent, text } = coloursOf(value, dark);
    if (contrast(accent, text) < READABLE) return `Text on the ${dark ? "dark" : "light"} colour is hard to read. Leave its text colour empty, or choose another one.`;
  }
  if (value.consentUri && !/^https:\/\/[^\s"<>]+$/.test(value.consentUri)) return "The privacy link must begin with https://.";
  const long = [value, ...Object.values(value.texts)].map(({ greeting }) => tooLong(greeting, MAX_GREETING)).find((why) => why !== undefined);
  if (long !== undefined) return `Greeting: ${long}`;
  const secret = value.identitySecret.trim();
  if (secret && secret.length < 32) return "The identity secret needs at least 32 characters.";
  return originsProblem(originsOf(value.allowedOrigins));
}

/** The colours that are drawn, on light or dark screens. */
export function coloursOf(value: Pick<WebChatValue, "accentColor" | "accentTextColor" | "darkAccentColor" | "darkAccentTextColor">, dark: boolean): { accent: string; text: string } {
  const named = dark ? value.darkAccentColor || value.accentColor : value.accentColor;
  const accent = isColour(named) ? named : dark ? OWN_DARK_ACCENT : OWN_ACCENT;
  const own = dark && value.darkAccentColor ? value.darkAccentTextColor : dark ? value.darkAccentTextColor || value.accentTextColor : value.accentTextColor;
  return { accent, text: isColour(own) ? own : textOn(accent) };
}

/** The texts that a language shows: its own, and where it has none, those of the channel. */
export function textsIn(value: WebChatValue, language: string): Texts {
  const own = value.texts[language] ?? NO_TEXTS;
  return {
    title: own.title || value.title || value.displayName,
    greeting: own.greeting || value.greeting,
    suggestions: filled(own.suggestions).length > 0 ? filled(own.suggestions) : filled(value.suggestions),
    consentText: own.consentText || value.consentText,
  };
}

/** The line for a site. */
export function snippet(channel: string, origin: string): string {
  return `<script async src="${origin}/widget.js" data-channel="${channel}"></script>`;
}

/** The chat as a page of its own. */
export function chatLink(channel: string, origin: string): string {
  const [, organization = "", , id = ""] = channel.split("/");
  return `${origin}/chat/${organization}/${id}`;
}
