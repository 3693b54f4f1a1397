import { create } from "@bufbuild/protobuf";
import { Code, ConnectError, createRouterTransport } from "@connectrpc/connect";
import { CannedReplySchema } from "@contracts/agent/v1/canned_reply_pb";
import { CannedReplyService } from "@contracts/agent/v1/canned_reply_service_pb";
import { expect, it, vi } from "vitest";

import { CannedReplies, filled, matching, placeOf, wantedOf } from "./canned";

const reply = (shortcut: string, text: string) => create(CannedReplySchema, { shortcut, text });
const REPLIES = [reply("thanks", "Thank you for the refund form"), reply("refund", "We refund within 5 days"), reply("no-refund", "Sorry")];

it("puts names in the place of placeholders, and leaves out those that aren't known", () => {
  const text = "Hello {customer}, I'm {agent}. {other} {customer}";
  expect(filled(text, { customer: "Ada $1", agent: "Grace" })).toBe("Hello Ada $1, I'm Grace. {other} Ada $1");
  expect(filled(text, { customer: "", agent: "Grace" })).toBe("Hello, I'm Grace. {other}");
});

it("wants a canned reply only after a slash at the beginning of one word", () => {
  expect(["/", "/Re", "hello /re", "/re fund", ""].map(wantedOf)).toEqual(["", "re", undefined, undefined, undefined]);
});

it("finds shortcuts that begin with the word before others, and texts last", () => {
  expect(matching(REPLIES, "refund").map(({ shortcut }) => shortcut)).toEqual(["refund", "no-refund", "thanks"]);
  expect(matching(REPLIES, "nothing")).toEqual([]);
  expect(matching([reply("bye", "Viele Grüße")], "gruße")).toHaveLength(1);
});

it.each([
  ["grusse", "Schöne Grüße"],
  ["grüsse", "Schöne Grüße"],
  ["GRÜẞE", "Schöne Grüße"],
  ["Scho\u0308", "Schöne Grüße"],
  ["schö", "Scho\u0308ne"],
  ["strasse", "Straße"],
  ["straße", "STRASSE"],
  ["οδος", "ΟΔΟΣ"],
  ["ΟΔΟΣ", "οδος"],
  ["isik", "Işık"],
  ["fin", "ﬁn"],
  ["학교", "학교 앞"],
])("finds a text with %s", (wanted, text) => {
  expect(matching([reply("bye", text)], wantedOf(`/${wanted}`)!)).toHaveLength(1);
});

it.each([
  ["학교", "한국 사람"],
  ["\u0308", "Schöne Grüße"],
  ["´", "Schöne Grüße"],
  ["कल", "किला"],
])("finds no text with %s", (wanted, text) => {
  expect(matching([reply("bye", text)], wantedOf(`/${wanted}`)!)).toEqual([]);
  expect(matching([reply("bye", text)], "")).toHaveLength(1);
});

it("finds shortcuts without accents too", () => {
  expect(matching([reply("grusse", "Hi")], wantedOf("/Grüße")!)).toHaveLength(1);
});

it("keeps the chosen reply in a list that changes, and takes the first one where it is gone", () => {
  const [thanks, refund] = ["thanks", "refund"].map((name) => create(CannedReplySchema, { name }));
  expect(placeOf([thanks!, refund!], "refund")).toBe(1);
  expect(placeOf([refund!], "refund")).toBe(0);
  expect([placeOf([thanks!], "refund"), placeOf([thanks!, refund!], ""), placeOf([], "refund")]).toEqual([0, 0, 0]);
});

it("fetches all pages once, and adds one that was refused before only when it was accepted", async () => {
  const asked: string[] = [];
  let taken = true;
  const transport = createRouterTransport(({ service }) => {
    service(CannedReplyService, {
      listCannedReplies: ({ pageToken }) => {
        asked.push(pageToken);
        return { cannedReplies: pageToken ? [REPLIES[1]!] : [REPLIES[0]!], nextPageToken: pageToken ? "" : "2" };
      },
      createCannedReply: ({ cannedReply }) => {
        if (taken) throw new ConnectError("taken", Code.AlreadyExists);
        return cannedReply!;
      },
    });
  });
  const canned = new CannedReplies(transport, "organizations/o/agents/me");
  canned.need();
  canned.need();
  await vi.waitFor(() => expect(canned.store.get().loaded).toBe(true));
  canned.need();
  expect(asked).toEqual(["", "2"]);
  expect(await canned.add("hi", "Hello")).toBe(false);
  expect(canned.store.get().failure?.sentence).toBeTruthy();
  taken = false;
  expect(await canned.add("hi", "Hello")).toBe(true);
  expect(canned.store.get().replies).toHaveLength(3);
});
