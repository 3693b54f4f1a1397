import { create } from "@bufbuild/protobuf";
import { createRouterTransport } from "@connectrpc/connect";
import { ConversationSchema } from "@contracts/core/v1/conversation_pb";
import { ConversationService } from "@contracts/core/v1/conversation_service_pb";
import { expect, it, vi } from "vitest";

import { Overviews } from "./overviews";

const C1 = "organizations/o/conversations/c1";
const C2 = "organizations/o/conversations/c2";

it("asks core once for the listed conversations, and again when others are listed", async () => {
  const parents: string[] = [];
  const transport = createRouterTransport(({ service }) =>
    service(ConversationService, {
      listConversations: ({ parent }) => {
        parents.push(parent);
        return { conversations: [create(ConversationSchema, { name: C1, subject: `Order ${parents.length}` })] };
      },
    }),
  );
  const overviews = new Overviews(transport);
  overviews.follow([]);
  overviews.follow([C1, C2]);
  overviews.follow([C2, C1]);
  await vi.waitFor(() => expect(overviews.store.get().byName.get(C1)?.subject).toBe("Order 1"));
  overviews.follow([C1]);
  await vi.waitFor(() => expect(overviews.store.get().byName.get(C1)?.subject).toBe("Order 2"));
  expect(parents).toEqual(["organizations/o", "organizations/o"]);
});
