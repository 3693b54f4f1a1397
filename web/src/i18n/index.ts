/**
 * The texts of the chat in the reader's language. Desk and admin app are in English and use its catalogue for what they share
 * with the chat.
 *
 * A catalogue is a flat JSON file: `area.text`, `{{placeholder}}`, and one entry per plural form (`_one`, `_other` …), chosen by
 * `count`. A test compares all catalogues with the English one.
 */

import i18next from "i18next";

import type english from "./en.json";

export const LANGUAGES = ["en", "de", "es", "fr", "nl", "ar"] as const;
export type Language = (typeof LANGUAGES)[number];

type Entry = keyof typeof english;
type Base<E extends string> = E extends `${infer Text}_one` | `${infer Text}_other` ? Text : E;
/** The name of a text. */
export type Key = Base<Entry>;
export type Catalogue = Readonly<Record<string, string>>;

let spoken: string | undefined;

/** Uses a language from now on. Nothing that is on the screen changes. */
export function speak(language: Language, catalogue: Catalogue, readers: readonly string[] = []): void {
  spoken = readers.find((tag) => baseOf(tag) === language) ?? language;
  void i18next.init({
    lng: language,
    resources: { [language]: { translation: catalogue } },
    initAsync: false, // the catalogue is there
    keySeparator: false,
    nsSeparator: false,
    interpolation: { escapeValue: false }, // React escapes
  });
}

/** The text of a key. Values that others chose are only ever inserted. */
export function t(key: Key, values?: Record<string, string | number>): string {
  return i18next.t(key, values ?? {});
}

/** Whether there is such a text. */
export function isKey(key: string): key is Key {
  return i18next.exists(key);
}

/** The locale for dates, times and numbers: the reader's own variant of the language, if they have named one. */
export function locale(): string | undefined {
  return spoken;
}

/** The best language: the one that the page asks for, otherwise the reader's first one among those that are offered. */
export function choose(wanted: string, offered: readonly string[], readers: readonly string[]): Language {
  const shown = LANGUAGES.filter((language) => offered.length === 0 || offered.some((tag) => baseOf(tag) === language));
  const asked = LANGUAGES.find((language) => language === baseOf(wanted));
  if (asked) return asked;
  const readable = readers.map(baseOf).find((base) => shown.some((language) => language === base));
  return (readable as Language | undefined) ?? shown.find((language) => language === baseOf(offered[0] ?? "")) ?? shown[0] ?? "en";
}

/** The direction in which a language is written. */
export function directionOf(language: Language): "ltr" | "rtl" {
  return language === "ar" ? "rtl" : "ltr";
}

function baseOf(tag: string): string {
  return tag.split("-")[0]!.toLowerCase();
}
