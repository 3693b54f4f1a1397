import { create } from "@bufbuild/protobuf";
import { ConversationPriority } from "@contracts/core/v1/conversation_pb";
import { CustomerErasureSchema } from "@contracts/core/v1/customer_erasure_pb";
import { CustomerSchema, type Customer } from "@contracts/core/v1/customer_pb";
import { IdentityKind, IdentitySchema, IdentitySource } from "@contracts/core/v1/identity_pb";
import { createRouterTransport } from "@connectrpc/connect";
import { renderToStaticMarkup } from "react-dom/server";
import { expect, it } from "vitest";

import type { Connection } from "../api/watch";
import { LiveConversation } from "../chat/live";
import { AboutPanel } from "./AboutPanel";
import { Edit } from "./edit";
import { EditForm } from "./EditForm";
import { Receipt } from "./Erasure";
import { Profile } from "./profile";
import { specialText, verifiedText } from "./words";

const AGENT = ["core.customers.read", "core.customers.update", "core.customers.block", "core.conversations.update"];

function panel(customer: Customer | undefined, permissions: readonly string[], connection: Connection = "live"): string {
  const transport = createRouterTransport(() => undefined);
  const live = new LiveConversation(transport, "organizations/o/conversations/c1");
  live.store.set({ loaded: true, connection });
  const profile = new Profile(transport, live, () => undefined);
  profile.store.set({ customer });
  return renderToStaticMarkup(
    <AboutPanel id="about" live={live} profile={profile} permissions={permissions} takesFocus={false} close={() => undefined} />,
  );
}

it("shows who the customer is, and whether and how that is verified", () => {
  const identities = [
    { kind: IdentityKind.WHATSAPP_USER, value: "+49 30 1", verifyTime: { seconds: 1n }, source: IdentitySource.PROVIDER },
    { kind: IdentityKind.EMAIL, value: "ada@example.com", source: IdentitySource.CUSTOMER },
  ];
  const html = panel(create(CustomerSchema, { displayName: "Ada", language: "de", identities }), []);
  expect(html).toContain("Ada");
  expect(html).toContain("German");
  expect(html).toMatch(/WhatsApp.*\+49 30 1.*Verified by the message provider.*Email.*ada@example\.com.*Not verified: it&#x27;s what the customer typed/);
});

it("says that it is loading, and that nothing is known", () => {
  expect(panel(undefined, AGENT)).toContain("Loading the customer");
  const html = panel(create(CustomerSchema), AGENT);
  expect(html).toContain("Nothing identifies this customer yet.");
  expect(html).toContain("Not known yet");
});

it("shows nothing of a customer whose conversation can't be read any more", () => {
  const html = panel(create(CustomerSchema, { displayName: "Ada" }), ["*"], "lost");
  expect(html).not.toContain("Ada");
  expect(html).not.toContain("Delete customer");
  expect(html).toContain("There&#x27;s nothing to show");
});

it("offers what the agent may do, and nothing else", () => {
  const buttons = (permissions: readonly string[]) =>
    ["Edit name", "Edit subject", "Block customer", "Delete customer"].filter((text) => panel(create(CustomerSchema), permissions).includes(text));
  expect(buttons(["core.customers.read"])).toEqual([]);
  expect(buttons(AGENT)).toEqual(["Edit name", "Edit subject", "Block customer"]);
  expect(buttons(["*"])).toEqual(["Edit name", "Edit subject", "Block customer", "Delete customer"]);
  expect(panel(create(CustomerSchema, { blockTime: { seconds: 1n } }), AGENT)).toContain("Unblock customer");
});

it("says before it deletes what is erased, and that it can't be undone", () => {
  const html = panel(create(CustomerSchema, { displayName: "Ada" }), ["*"]);
  for (const text of ["every message, note and file", "identities", "chat sessions", "remembers", "You can&#x27;t undo this"]) {
    expect(html).toContain(text);
  }
});

it("shows both values of a field that someone else has changed", () => {
  const edit = new Edit(() => ({ values: {}, etag: "" }), () => Promise.resolve(), () => Promise.resolve());
  edit.store.set({ open: true, conflict: true, typed: { subject: "Mine" } });
  const html = renderToStaticMarkup(
    <EditForm edit={edit} label="subject" fields={[{ name: "subject", label: "Subject" }]} saved={{ subject: "Theirs" }} />,
  );
  expect(html).toContain('value="Mine"');
  expect(html).toContain("Saved by someone else: Theirs");
  expect(html).toContain("Your entries are still here");
});

it("shows a receipt with its numbers, and who hasn't confirmed", () => {
  const erasure = create(CustomerErasureSchema, {
    customerCount: 1,
    conversationCount: 2n,
    messageCount: 7n,
    confirmations: [{ store: "core", finishTime: { seconds: 1n } }, { store: "memory" }],
  });
  const html = renderToStaticMarkup(<Receipt erasure={erasure} stopped={false} retry={() => undefined} />);
  expect(html).toContain("1 customer record, 2 conversations, 7 messages");
  expect(html).toContain("Conversations and messages: erased");
  expect(html).toContain("Memories: not yet");
  expect(html).not.toContain("Everything is erased.");
});

it("says what is special about a conversation, and nothing when nothing is", () => {
  expect(specialText(ConversationPriority.UNSPECIFIED, "")).toBe("");
  expect(specialText(ConversationPriority.URGENT, "de")).toBe("Urgent priority · German");
  expect(specialText(ConversationPriority.LOW, "not a tag")).toBe("Low priority · not a tag");
});

it("takes an identity without a time for a claim, whatever its source", () => {
  for (const source of Object.values(IdentitySource).filter((value) => typeof value === "number")) {
    expect(verifiedText(create(IdentitySchema, { source }))).toMatch(/^Not verified/);
  }
});
