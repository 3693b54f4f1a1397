/** The one way out: gRPC-web to the gateway that served this page. */

import type { Interceptor, Transport } from "@connectrpc/connect";
import { createGrpcWebTransport } from "@connectrpc/connect-web";

import type { Bearers } from "./bearer";
import { failure, isSignedOut } from "./errors";

const TIMEOUT_MS = 15_000;

/** A transport for calls that need no token. */
export function openTransport(): Transport {
  return createGrpcWebTransport({ baseUrl: window.location.origin });
}

/** A transport whose calls carry a token. A call that is refused because of it is repeated once with a fresh one. */
export function signedTransport(bearers: Bearers): Transport {
  return createGrpcWebTransport({ baseUrl: window.location.origin, interceptors: [sign(bearers)] });
}

/** Options of a unary call. Streams have no deadline: the server ends them. */
export const unary = { timeoutMs: TIMEOUT_MS } as const;

/** Headers of a call about a conversation: the gateway brings its calls to one process of core, where the text of a reply grows. */
export function about(conversation: string): { headers: { "x-conversation": string } } {
  return { headers: { "x-conversation": conversation.slice(conversation.lastIndexOf("/") + 1) } };
}

/** Signs calls. A stream whose token is refused, at its beginning or later, is not repeated: the watching code reconnects. */
export function sign(bearers: Bearers): Interceptor {
  return (next) => async (request) => {
    const token = await bearers.get();
    request.header.set("authorization", `Bearer ${token}`);
    try {
      const response = await next(request);
      if (!response.stream) return response;
      return { ...response, message: noticing(response.message, () => bearers.drop(token)) };
    } catch (error) {
      if (!isRefused(error)) throw error;
      bearers.drop(token);
      if (request.stream) throw error;
      request.header.set("authorization", `Bearer ${await bearers.get()}`);
      return next(request);
    }
  };
}

async function* noticing<T>(messages: AsyncIterable<T>, refused: () => void): AsyncGenerator<T> {
  try {
    yield* messages;
  } catch (error) {
    if (isRefused(error)) refused();
    throw error;
  }
}

function isRefused(error: unknown): boolean {
  return isSignedOut(failure(error));
}
