import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

import { afterEach, describe, expect, it } from "vitest";

import ar from "./ar.json";
import de from "./de.json";
import en from "./en.json";
import es from "./es.json";
import fr from "./fr.json";
import { choose, directionOf, LANGUAGES, locale, speak, t, type Catalogue, type Language } from "./index";
import nl from "./nl.json";

const CATALOGUES: Record<Language, Catalogue> = { en, de, es, fr, nl, ar };
const FORM = /_(zero|one|two|few|many|other)$/;

/** The texts of a catalogue by their key, each with its plural forms. */
function texts(catalogue: Catalogue): Map<string, Map<string, string>> {
  const found = new Map<string, Map<string, string>>();
  for (const [entry, words] of Object.entries(catalogue)) {
    const form = FORM.exec(entry)?.[1] ?? "";
    const key = entry.replace(FORM, "");
    found.set(key, (found.get(key) ?? new Map<string, string>()).set(form, words));
  }
  return found;
}

function placeholders(forms: Map<string, string>): string[] {
  const all = [...forms.values()].flatMap((words) => words.match(/\{\{[^}]*\}\}/g) ?? []);
  return [...new Set(all)].sort();
}

afterEach(() => speak("en", en));

describe.each(LANGUAGES)("the catalogue of %s", (language) => {
  const own = texts(CATALOGUES[language]);
  const english = texts(en);

  it("has the keys of the English one", () => {
    expect([...own.keys()].sort()).toEqual([...english.keys()].sort());
  });

  it("has the placeholders of the English one", () => {
    for (const [key, forms] of english) expect([key, placeholders(own.get(key)!)]).toEqual([key, placeholders(forms)]);
  });

  it("has exactly the plural forms of its language", () => {
    const { pluralCategories } = new Intl.PluralRules(language).resolvedOptions();
    for (const [key, forms] of own) {
      if (!forms.has("")) expect([key, [...forms.keys()].sort()]).toEqual([key, [...pluralCategories].sort()]);
    }
  });

  it("leaves nothing empty and repeats no key", () => {
    expect(Object.values(CATALOGUES[language]).filter((words) => words.trim() === "")).toEqual([]);
    const source = readFileSync(fileURLToPath(new URL(`./${language}.json`, import.meta.url)), "utf8");
    expect(source.match(/^ {2}"/gm)).toHaveLength(Object.keys(CATALOGUES[language]).length);
  });

  it("counts", () => {
    speak(language, CATALOGUES[language]);
    for (const count of [0, 1, 2, 3, 11, 100, 1_000_000]) {
      expect(t("composer.left", { count })).not.toMatch(/\{\{|composer/);
    }
  });
});

it("inserts what others chose as it is, whatever it looks like", () => {
  const hostile = "{{index}} $t(panel.close) <b>&amp;</b>";
  expect(t("sources.mark", { index: 1, title: hostile })).toBe(`Source 1: ${hostile}`);
});

it.each([
  ["de", [], ["fr"], "de"],
  ["de-CH", [], [], "de"],
  ["", ["de", "fr"], ["en-GB", "fr-CA"], "fr"],
  ["", ["de", "fr"], ["ja"], "de"],
  ["", [], ["ja", "ar-EG"], "ar"],
  ["xx", [], ["ja"], "en"],
  ["", ["pt"], ["pt-BR"], "en"],
] as const)("with %j asked for, %j offered and %j read, chooses %s's", (wanted, offered, readers, chosen) => {
  expect(choose(wanted, offered, readers)).toBe(chosen);
});

it("uses the reader's own variant of a language for dates", () => {
  speak("en", en, ["de-AT", "en-GB"]);
  expect(locale()).toBe("en-GB");
  speak("ar", ar, ["en-GB"]);
  expect([locale(), directionOf("ar"), directionOf("fr")]).toEqual(["ar", "rtl", "ltr"]);
});
