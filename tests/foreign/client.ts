// A program that knows Frontdesk by its OpenAPI document alone: `frontdesk.ts` is made by openapi-typescript, calls go through
// openapi-fetch. `node client.ts URL` prints what it saw as JSON.
import createClient from "openapi-fetch";
import type { components, paths } from "./frontdesk.ts";

type Frame = components["schemas"]["WatchConversationResponse"];

const url: string = process.argv[2]!;
const organization = "demo";
const anyone = createClient<paths>({ baseUrl: url });
const withToken = (token: string) => createClient<paths>({ baseUrl: url, headers: { authorization: `Bearer ${token}` } });

/** The data of an answer, or its Status as an exception. */
function must<T>(result: { data?: T; error?: components["schemas"]["Status"] }): T {
  if (result.data === undefined) throw new Error(JSON.stringify(result.error));
  return result.data;
}

async function signIn() {
  const body = { organization: `organizations/${organization}`, email: "agent@example.com", password: "frontdesk-demo" };
  const signedIn = must(await anyone.POST("/v1/auth:login", { body }));
  const refreshToken = signedIn.tokens!.refreshToken;
  const refreshed = must(await anyone.POST("/v1/auth:refresh", { body: { refreshToken } }));
  return { agent: withToken(refreshed.tokens!.accessToken), email: signedIn.user!.email };
}

async function paged(agent: ReturnType<typeof withToken>, conversation: string): Promise<string[]> {
  const texts: string[] = [];
  let pageToken = "";
  do {
    const page = must(
      await agent.GET("/v1/organizations/{organization}/conversations/{conversation}/messages", {
        params: { path: { organization, conversation }, query: { pageSize: 2, pageToken } },
      }),
    );
    texts.push(...page.messages.map((message) => message.text));
    pageToken = page.nextPageToken;
  } while (pageToken);
  return texts;
}

/** The frames of a stream of server-sent events, by fetch. */
async function* frames(body: ReadableStream<Uint8Array>): AsyncGenerator<Frame> {
  let buffer = "";
  const decoder = new TextDecoder();
  for await (const chunk of body) {
    buffer += decoder.decode(chunk, { stream: true });
    for (let end = buffer.indexOf("\n\n"); end >= 0; end = buffer.indexOf("\n\n")) {
      const data = buffer.slice(0, end).split("\n").filter((line) => line.startsWith("data:"));
      buffer = buffer.slice(end + 2);
      if (data.length) yield JSON.parse(data.map((line) => line.slice(5)).join("\n")) as Frame;
    }
  }
}

async function answer(customer: ReturnType<typeof withToken>, conversation: string) {
  const seen = new Set<string>();
  const { data } = await customer.GET("/v1/organizations/{organization}/conversations/{conversation}:watch", {
    params: { path: { organization, conversation }, query: { resumeToken: "0-0" } },
    headers: { accept: "text/event-stream" },
    parseAs: "stream",
  });
  for await (const frame of frames(data!)) {
    Object.keys(frame).filter((key) => key !== "resumeToken").forEach((key) => seen.add(key));
    if ("messageCreated" in frame && frame.messageCreated.role === "PARTICIPANT_ROLE_ASSISTANT") {
      return { said: frame.messageCreated.text, frames: [...seen].sort() };
    }
  }
  throw new Error("the stream ended without an answer");
}

const { agent, email } = await signIn();
const session = must(
  await anyone.POST("/v1/organizations/{organization}/channels/{channel}:openSession", {
    params: { path: { organization, channel: "webchat" } },
    body: { displayName: "Ada" },
  }),
);
const customer = withToken(session.token);
const conversation = session.conversation.split("/").at(-1)!;
const path = { organization, conversation };
for (const text of ["Hello", "Do you ship to Norway?", "And what does a return cost?"]) {
  const sent = must(
    await customer.POST("/v1/organizations/{organization}/conversations/{conversation}:send", {
      params: { path },
      body: { text, requestId: crypto.randomUUID() },
    }),
  );
  if (sent.message?.kind !== "MESSAGE_KIND_UNSPECIFIED") throw new Error(`kind ${sent.message?.kind}`);
}
const { said, frames: kinds } = await answer(customer, conversation);
const listed = must(
  await agent.GET("/v1/organizations/{organization}/conversations", { params: { path: { organization }, query: { pageSize: 1 } } }),
);
const missing = await agent.GET("/v1/organizations/{organization}/conversations/{conversation}", {
  params: { path: { organization, conversation: "nobody" } },
});
const refused = await anyone.POST("/v1/organizations/{organization}/conversations/{conversation}:send", {
  params: { path },
  body: { text: "x", requestId: "x" },
});
console.log(
  JSON.stringify({
    email,
    texts: await paged(agent, conversation),
    said,
    frames: kinds,
    conversations: listed.conversations.length,
    missing: missing.error!.details.map((detail) => detail.reason),
    refused: [refused.response.status, refused.error ? "Status" : "nothing"],
  }),
);
process.exit(0); // the stream's connection is still open
