import { expect, it, vi } from "vitest";

import { packed, type FromPage } from "../loader/protocol";
import { Host } from "./host";

const ORIGIN = "https://shop.example";

/** A frame's window, in a page of `ORIGIN`. */
function frame(search = `?origin=${encodeURIComponent(ORIGIN)}`) {
  const parent = { postMessage: vi.fn() };
  let hear: (event: unknown) => void = () => undefined;
  const window = { parent, location: { search }, addEventListener: (_: string, listener: typeof hear) => (hear = listener) };
  const host = new Host(window as unknown as Window);
  const say = (message: FromPage, from: object = {}) => hear({ source: parent, origin: ORIGIN, data: packed(message), ...from });
  return { host, parent, say, hear: (event: unknown) => hear(event) };
}

function listener() {
  return { identity: vi.fn(), shown: vi.fn(), ask: vi.fn() };
}

it("loses nothing that the page says before the chat listens", async () => {
  const { host, parent, say } = frame();
  const greeted = host.greet(true);
  expect(parent.postMessage).toHaveBeenCalledWith({ frontdesk: 1, type: "ready", open: true }, ORIGIN);
  say({ type: "hello", identity: "token" });
  say({ type: "shown", shown: true, full: false, focus: true });
  say({ type: "ask", text: "Where is it?" });
  expect(await greeted).toBe("token");
  const heard = listener();
  host.listen(heard);
  expect(heard.shown).toHaveBeenCalledWith(true, false, true);
  expect(heard.ask).toHaveBeenCalledWith("Where is it?");
  say({ type: "identity", identity: "other" });
  expect(heard.identity).toHaveBeenCalledWith("other");
});

it.each([
  ["another origin", { origin: "https://evil.example" }],
  ["another window", { source: {} }],
  ["another version", { data: { frontdesk: 2, type: "ask", text: "x" } }],
  ["no message", { data: "ask" }],
  ["nothing", { data: null }],
  ["a question that is none", { data: { frontdesk: 1, type: "ask", text: { evil: true } } }],
  ["a question that is too long", { data: { frontdesk: 1, type: "ask", text: "x".repeat(4001) } }],
])("ignores messages from %s", (_, from) => {
  const { host, say } = frame();
  const heard = listener();
  host.listen(heard);
  say({ type: "ask", text: "x" }, from);
  expect([heard.identity, heard.shown, heard.ask].some((each) => each.mock.calls.length > 0)).toBe(false);
});

it.each(["", "?origin=*", "?origin=javascript:alert(1)", "?origin=https://shop.example/path"])("with %j it is a page of its own", async (search) => {
  const { host, parent } = frame(search);
  expect(await host.greet(false)).toBe("");
  host.unread(1, "one");
  expect([host.isEmbedded, parent.postMessage.mock.calls]).toEqual([false, []]);
});
