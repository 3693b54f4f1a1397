import { ParticipantRole } from "@contracts/core/v1/message_pb";
import { expect, it } from "vitest";

import { customerName } from "./customer";
import { excerptOf, lastSaid, plainOf } from "./excerpts";

/** Matches in square brackets. */
function shown(text: string, query: string): string {
  return excerptOf(text, query).map(({ text: piece, found }) => (found ? `[${piece}]` : piece)).join("");
}

it("shows Markdown as the text that it shows", () => {
  expect(plainOf("**Refunds** take _30 days_.\n\n- [Read `more`](https://shop.example)\n- or **ask**")).toBe("Refunds take 30 days. Read more or ask");
  expect(plainOf("# Returns\n| a | b |\n|---|---|\n| **1** | 2 |\n\n> quoted <b>text</b>")).toBe("Returns a b 1 2 quoted <b>text</b>");
  expect(plainOf("5 * 3 * 2 = 30")).toBe("5 * 3 * 2 = 30");
});

it("reads only the assistant's words as Markdown", () => {
  const said = (lastPreview: string, lastRole: ParticipantRole) => lastSaid({ lastPreview, lastRole });
  for (const text of ["# 12345 is my order", "__init__ fails", "- 5 degrees"]) {
    expect(said(text, ParticipantRole.CUSTOMER)).toBe(text);
    expect(said(text, ParticipantRole.AGENT)).toBe(text);
  }
  expect(said("# Your **order**", ParticipantRole.ASSISTANT)).toBe("Your order");
});

it("reads the part of long Markdown in which words were found", () => {
  const long = `**first**\n\n${"some *more* ".repeat(500)}a **kettle** ${"and _so_ on ".repeat(500)}`;
  expect(plainOf(long)).toMatch(/^first some more .*…$/);
  const text = shown(plainOf(long, "kettle"), "kettle");
  expect(text).toMatch(/^…(some )?more some .*a \[kettle\] and so on .*…$/);
});

it.each(["> ".repeat(3000), "- ".repeat(2000), "[".repeat(8000), "*a ".repeat(8000), "a ".repeat(8000)])("shows hostile text in time", (text) => {
  const begun = performance.now();
  expect(shown(plainOf(text, "a"), "a").length).toBeLessThan(500);
  expect(shown(text, "a").length).toBeLessThan(500);
  expect(performance.now() - begun).toBeLessThan(1000);
});

it("marks words by their beginnings, in other forms and spellings", () => {
  expect(shown("I want a Refund now", "refu")).toBe("I want a [Refund] now");
  expect(shown("the kettle", "kettles")).toBe("the [kettle]");
  expect(shown("Grüße aus Zürich", "zurich grusse")).toBe("[Grüße] aus [Zürich]");
  expect(shown("Order 55-1234, thanks", "551234")).toBe("Order [55-1234], thanks");
  expect(shown("call +49 (30) 12 34", "30 1234")).toBe("call +[49 (30) 12 34]");
  expect(shown("注文番号は98765です", "番号")).toBe("注文[番号]は98765です");
  expect(shown("nothing here", "else")).toBe("nothing here");
});

it("marks whole characters of the text that is shown, whatever they fold to", () => {
  expect(shown("Die Straße, die Grüße", "grusse")).toBe("Die Straße, die [Grüße]");
  expect(shown("chef d’œuvre ici", "oeuvre")).toBe("chef d’[œuvre] ici");
  expect(shown("œ ß ﬁn da", "fin")).toBe("œ ß [ﬁn] da");
  expect(shown("Scho\u0308ne Welt, scho\u0308n", "Schö")).toBe("[Scho\u0308ne] Welt, [scho\u0308n]");
  expect(shown("مُحَمَّد هنا", "محمد")).toBe("[مُحَمَّد] هنا");
  expect(shown("👍🏽 ΟΔΟΣ 5", "οδος")).toBe("👍🏽 [ΟΔΟΣ] 5");
  expect(shown("한국 사람, 학교", "학교")).toBe("한국 사람, [학교]");
  expect(shown("ß학교에", "학교")).toBe("ß[학교]에");
  expect(shown("ß 한국".normalize("NFD"), "한국").normalize("NFC")).toBe("ß [한국]");
  expect(shown("Straße 55-1234, danke", "551234")).toBe("Straße [55-1234], danke");
});

it("shows a long text around its first match", () => {
  const long = `${"word ".repeat(60)}kettle ${"more ".repeat(60)}`;
  const text = shown(long, "kettle");
  expect(text).toMatch(/^…word .*\[kettle\] more .*…$/);
  expect(text.length).toBeLessThan(180);
  expect(shown("😀".repeat(200), "x")).toBe(`${"😀".repeat(80)}…`);
});

it("names a customer without a name by their id, in every conversation", () => {
  expect(customerName("Ada", "organizations/o/customers/abcd1234")).toBe("Ada");
  expect(customerName("", "organizations/o/customers/abcd1234")).toBe("Customer 1234");
  expect(customerName("", "")).toBe("Customer");
});
