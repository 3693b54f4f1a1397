import { create } from "@bufbuild/protobuf";
import { Code, ConnectError, createRouterTransport } from "@connectrpc/connect";
import { ConversationSchema, ConversationState } from "@contracts/core/v1/conversation_pb";
import {
  ConversationService,
  ListConversationsResponseSchema,
  SearchConversationsResponseSchema,
  type ListConversationsRequest,
  type SearchConversationsRequest,
} from "@contracts/core/v1/conversation_service_pb";
import { expect, it, vi } from "vitest";

import { Finder } from "./finder";

const conversation = (id: string, state = ConversationState.CLOSED) =>
  create(ConversationSchema, { name: `organizations/o/conversations/${id}`, state });

/** A simulator of core that records its requests. */
function core(fails = false) {
  const asked: (ListConversationsRequest | SearchConversationsRequest)[] = [];
  const transport = createRouterTransport(({ service }) => {
    service(ConversationService, {
      listConversations: (request) => {
        asked.push(request);
        if (fails) throw new ConnectError("", Code.Unavailable);
        const conversations = request.pageToken ? [conversation("b"), conversation("c")] : [conversation("a"), conversation("b")];
        return create(ListConversationsResponseSchema, { conversations, nextPageToken: request.pageToken ? "" : "2" });
      },
      searchConversations: (request) => {
        asked.push(request);
        const all = [conversation("a"), conversation("open", ConversationState.ASSIGNED)];
        const results = all.filter(({ state }) => request.states.length === 0 || request.states.includes(state));
        return create(SearchConversationsResponseSchema, {
          results: results.map((found) => ({ conversation: found, message: { text: "the kettle leaks" } })),
        });
      },
    });
  });
  return { asked, finder: new Finder(transport, "organizations/o/agents/me", 0) };
}

const names = (finder: Finder) => finder.store.get().found.map(({ conversation: { name } }) => name.slice(-1));

it("lists all by pages, each conversation once", async () => {
  const { finder } = core();
  await finder.load();
  await finder.loadOlder();
  expect(names(finder)).toEqual(["a", "b", "c"]);
  expect(finder.store.get().olderToken).toBe("");
});

it("asks for one state", async () => {
  const { asked, finder } = core();
  finder.choose(ConversationState.CLOSED);
  await vi.waitFor(() => expect(finder.store.get().loaded).toBe(true));
  expect((asked[0] as ListConversationsRequest).states).toEqual([ConversationState.CLOSED]);
});

it("searches what was typed, within the chosen state, and shows where it was said", async () => {
  const { asked, finder } = core();
  finder.choose(ConversationState.CLOSED);
  finder.type("  kettle ");
  await vi.waitFor(() => expect(finder.store.get().found[0]?.message?.text).toBe("the kettle leaks"));
  expect(names(finder)).toEqual(["a"]);
  expect((asked.at(-1) as SearchConversationsRequest).query).toBe("kettle");
});

it("keeps what it showed when a page fails, and says why", async () => {
  const { finder } = core(true);
  await finder.load();
  expect(finder.store.get()).toMatchObject({ loading: false, found: [] });
  expect(finder.store.get().failure?.sentence).toBeTruthy();
});
