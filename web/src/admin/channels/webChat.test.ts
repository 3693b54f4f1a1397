import { create } from "@bufbuild/protobuf";
import { ChannelSchema, WebChatConfigSchema, type WebChatConfig } from "@contracts/channel/v1/channel_pb";
import { expect, test } from "vitest";

import { chatLink, coloursOf, NO_TEXTS, problemOf, requestOf, snippet, textsIn, valueOf } from "./webChat";

const NAME = "organizations/shop/channels/web";
const CHANNEL = create(ChannelSchema, { name: NAME, displayName: "Shop chat" });
const CONFIG = create(WebChatConfigSchema, { greeting: "Hello!", suggestions: ["Where is my parcel?"], texts: { de: { greeting: "Hallo!" } }, allowedOrigins: ["https://shop.example"] });
const VALUE = valueOf(CHANNEL, CONFIG);

test("a form that changed nothing saves what was there, without a secret", () => {
  const request = requestOf(NAME, VALUE, "7");
  const config = (request.channel as { config: { value: WebChatConfig } }).config.value;
  expect(config.greeting).toBe("Hello!");
  expect(config.allowedOrigins).toEqual(["https://shop.example"]);
  expect(config.texts.de?.greeting).toBe("Hallo!");
  expect(config.identitySecret).toBeUndefined();
  expect(request.updateMask?.paths).not.toContain("web_chat.identity_secret");
  expect(requestOf(NAME, { ...VALUE, identitySecret: "x".repeat(32) }, "7").updateMask?.paths).toContain("web_chat.identity_secret");
});

test("every field of the contract that a person may change is in the mask", () => {
  const paths = requestOf(NAME, VALUE, "").updateMask?.paths ?? [];
  const writable = WebChatConfigSchema.fields.map(({ name }) => name).filter((name) => !["identity_secret", "logo_path"].includes(name));
  expect(paths.filter((path) => path.startsWith("web_chat.")).sort()).toEqual(writable.map((name) => `web_chat.${name}`).sort());
});

test("a language shows its own texts, and otherwise the channel's", () => {
  expect(textsIn(VALUE, "de")).toEqual({ title: "Shop chat", greeting: "Hallo!", suggestions: ["Where is my parcel?"], consentText: "" });
  expect(textsIn(VALUE, "fr").greeting).toBe("Hello!");
});

test("dark screens have the light colour unless they have one of their own", () => {
  expect(coloursOf({ ...VALUE, accentColor: "#ffe100" }, true)).toEqual({ accent: "#ffe100", text: "#000000" });
  expect(coloursOf({ ...VALUE, accentColor: "#ffe100", darkAccentColor: "#102030" }, true)).toEqual({ accent: "#102030", text: "#ffffff" });
});

test("what can't be saved is explained", () => {
  expect(problemOf(VALUE)).toBeUndefined();
  expect(problemOf({ ...VALUE, accentColor: "#ffe100", accentTextColor: "#ffffff" })).toContain("hard to read");
  expect(problemOf({ ...VALUE, accentColor: "yellow" })).toContain("#rrggbb");
  expect(problemOf({ ...VALUE, allowedOrigins: "*" })).toContain("wildcards");
  expect(problemOf({ ...VALUE, identitySecret: "short" })).toContain("32");
  expect(problemOf({ ...VALUE, consentUri: "http://shop.example" })).toContain("https://");
  expect(problemOf({ ...VALUE, displayName: " " })).toContain("name");
});

test("the line for a site names this Frontdesk and the channel", () => {
  expect(snippet(NAME, "https://desk.example")).toBe('<script async src="https://desk.example/widget.js" data-channel="organizations/shop/channels/web"></script>');
  expect(chatLink(NAME, "https://desk.example")).toBe("https://desk.example/chat/shop/web");
});

test("a greeting that is too long is refused in every language, and says by how much", () => {
  expect(problemOf({ ...VALUE, greeting: "🪁".repeat(500) })).toBeUndefined();
  expect(problemOf({ ...VALUE, greeting: "x".repeat(10_000) })).toBe("Greeting: 10,000 characters are too many: at most 500. Shorten it by 9,500.");
  expect(problemOf({ ...VALUE, texts: { de: { ...NO_TEXTS, greeting: "x".repeat(501) } } })).toContain("Shorten it by 1.");
});
