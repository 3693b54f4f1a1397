import { create } from "@bufbuild/protobuf";
import { AttachmentKind, MessageContentSchema, type MessageContent } from "@contracts/core/v1/content_pb";
import { MessageSchema } from "@contracts/core/v1/message_pb";
import { renderToStaticMarkup } from "react-dom/server";
import { expect, it } from "vitest";

import { bytes, Parts, Quoted } from "./Parts";

type Init = Parameters<typeof create<typeof MessageContentSchema>>[1];

const html = (content: Init) => renderToStaticMarkup(<Parts content={create(MessageContentSchema, content) as MessageContent} />);
const part = (one: NonNullable<NonNullable<NonNullable<Init>["parts"]>[number]["part"]>) => html({ parts: [{ part: one }] });

it("names a file with its size, and says when it can't be opened", () => {
  const value = { kind: AttachmentKind.IMAGE, fileName: "receipt.jpg", sizeBytes: 120_400n };
  expect(part({ case: "attachment", value })).toContain("receipt.jpg");
  expect(part({ case: "attachment", value })).toContain("120 KB");
  expect(part({ case: "attachment", value })).toContain("can&#x27;t be opened here");
  expect(part({ case: "attachment", value: { ...value, media: "organizations/acme/media/m1" } })).not.toContain("opened here");
});

it("shows what people wrote as text, never as HTML", () => {
  const evil = "<img src=x onerror=alert(1)>";
  const drawn = [
    part({ case: "text", value: evil }),
    part({ case: "attachment", value: { fileName: evil } }),
    part({ case: "location", value: { latitude: 1, longitude: 2, displayName: evil } }),
    part({ case: "contact", value: { displayName: evil, phones: [evil], emails: [evil] } }),
    part({ case: "selection", value: { id: evil } }),
    part({ case: "template", value: { template: evil } }),
    part({ case: "systemNotice", value: { text: evil } }),
    part({ case: "emailBody", value: { text: evil, quotedText: evil } }),
  ];
  for (const each of drawn) {
    expect(each).toContain("&lt;img");
    expect(each).not.toContain("<img");
  }
});

it("links a place to a map", () => {
  expect(part({ case: "location", value: { latitude: 48.2, longitude: 16.4 } })).toContain("mlat=48.2&amp;mlon=16.4#map=16/48.2/16.4");
});

it("keeps the order of parts, under a subject", () => {
  const drawn = html({ subject: "Broken", parts: [{ part: { case: "text", value: "first" } }, { part: { case: "text", value: "second" } }] });
  expect(drawn.indexOf("Broken")).toBeLessThan(drawn.indexOf("first"));
  expect(drawn.indexOf("first")).toBeLessThan(drawn.indexOf("second"));
});

it("says so when it doesn't know a part", () => {
  expect(html({ parts: [{ part: { case: undefined } }] })).toContain("newer version");
});

it("quotes what a message answers", () => {
  const message = create(MessageSchema, { text: "Where is it?", authorDisplayName: "Robin" });
  expect(renderToStaticMarkup(<Quoted message={message} />)).toContain("Where is it?");
});

it("writes sizes as people read them", () => {
  expect([bytes(12), bytes(1200), bytes(3_400_000)]).toEqual(["12 B", "1 KB", "3.4 MB"]);
});
