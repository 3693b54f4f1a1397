import { create } from "@bufbuild/protobuf";
import { Code, ConnectError, createRouterTransport } from "@connectrpc/connect";
import { ConversationPriority, ConversationSchema } from "@contracts/core/v1/conversation_pb";
import { ConversationService, type UpdateConversationRequest } from "@contracts/core/v1/conversation_service_pb";
import { CustomerErasureSchema } from "@contracts/core/v1/customer_erasure_pb";
import { CustomerSchema } from "@contracts/core/v1/customer_pb";
import { CustomerService, type UpdateCustomerRequest } from "@contracts/core/v1/customer_service_pb";
import { expect, it } from "vitest";

import { LiveConversation } from "../chat/live";
import { Profile } from "./profile";

const CUSTOMER = "organizations/o/customers/ada";
const CONVERSATION = "organizations/o/conversations/c1";

/** A simulator of core that records its requests. */
function core({ receipts = [true], fails = false }: { receipts?: boolean[]; fails?: boolean } = {}) {
  const asked: (UpdateCustomerRequest | UpdateConversationRequest | string)[] = [];
  const customer = create(CustomerSchema, { name: CUSTOMER, displayName: "Ada", etag: "e1" });
  const transport = createRouterTransport(({ service }) => {
    service(CustomerService, {
      getCustomer: ({ name }) => {
        if (fails) throw new ConnectError("", Code.Unavailable);
        return { ...customer, name };
      },
      updateCustomer: (request) => {
        asked.push(request);
        return { ...customer, displayName: request.customer?.displayName ?? "", etag: "e2" };
      },
      blockCustomer: () => create(CustomerSchema, { name: CUSTOMER, blockTime: { seconds: 1n } }),
      unblockCustomer: () => customer,
      deleteCustomer: ({ name }) => {
        if (fails) throw new ConnectError("", Code.PermissionDenied);
        asked.push(name);
        return {};
      },
      getCustomerErasure: ({ name }) => {
        const done = receipts.length > 1 ? receipts.shift() : receipts[0];
        return create(CustomerErasureSchema, { name, conversationCount: 2n, ...(done ? { finishTime: { seconds: 1n } } : {}) });
      },
    });
    service(ConversationService, {
      updateConversation: (request) => {
        asked.push(request);
        return create(ConversationSchema, { name: CONVERSATION, customer: CUSTOMER, priority: request.conversation?.priority ?? 0, etag: "c2" });
      },
    });
  });
  let changes = 0;
  const live = new LiveConversation(transport, CONVERSATION);
  live.update(create(ConversationSchema, { name: CONVERSATION, customer: CUSTOMER, subject: "Old", etag: "c1" }));
  const profile = new Profile(transport, live, () => (changes += 1), 1);
  return { profile, live, asked, changes: () => changes };
}

it("changes a customer's name with the etag that was read", async () => {
  const { profile, asked, changes } = core();
  await profile.show(CUSTOMER);
  profile.ofCustomer.begin();
  profile.ofCustomer.type("displayName", "Ada L.");
  await profile.ofCustomer.save();
  expect(asked).toMatchObject([{ customer: { name: CUSTOMER, displayName: "Ada L.", etag: "e1" }, updateMask: { paths: ["display_name"] } }]);
  expect(profile.store.get().customer).toMatchObject({ displayName: "Ada L.", etag: "e2" });
  expect(changes()).toBe(1);
});

it("changes a conversation's priority and nothing else, and shows it at once", async () => {
  const { profile, live, asked } = core();
  profile.ofConversation.begin();
  profile.ofConversation.type("priority", String(ConversationPriority.URGENT));
  await profile.ofConversation.save();
  expect(asked).toMatchObject([{ conversation: { etag: "c1", priority: ConversationPriority.URGENT }, updateMask: { paths: ["priority"] } }]);
  expect(live.store.get().view).toMatchObject({ priority: ConversationPriority.URGENT, etag: "c2" });
});

it("blocks a customer and lets them write again", async () => {
  const { profile } = core();
  await profile.show(CUSTOMER);
  await profile.setBlocked(true);
  expect(profile.store.get().customer?.blockTime).toBeDefined();
  await profile.setBlocked(false);
  expect(profile.store.get().customer?.blockTime).toBeUndefined();
});

it("deletes a customer, and follows the receipt until all have confirmed", async () => {
  const { profile, asked } = core({ receipts: [false, false, true] });
  await profile.show(CUSTOMER);
  await profile.erase();
  expect(asked).toEqual([CUSTOMER]);
  expect(profile.store.get()).toMatchObject({ deleted: true, customer: undefined, busy: "" });
  expect(profile.store.get().erasure).toMatchObject({ name: "organizations/o/customerErasures/ada", conversationCount: 2n });
  expect(profile.store.get().erasure?.finishTime).toBeDefined();
  await profile.show("organizations/o/customers/other");
  expect(profile.store.get()).toMatchObject({ deleted: true, customer: undefined });
});

it("says why a customer can't be shown, or deleted", async () => {
  const { profile } = core({ fails: true });
  await profile.show(CUSTOMER);
  expect(profile.store.get().missing?.sentence).toBe("We can't be reached right now.");
  await profile.erase();
  expect(profile.store.get()).toMatchObject({ deleted: false, busy: "" });
  expect(profile.store.get().failure?.code).toBe(Code.PermissionDenied);
});
