import { Code, ConnectError, type UnaryRequest, type UnaryResponse, type StreamRequest, type StreamResponse } from "@connectrpc/connect";
import { describe, expect, it } from "vitest";

import { Bearers } from "./bearer";
import { sign } from "./transport";

/** Hands out "token 1", "token 2" … */
function numbered(): Bearers {
  let made = 0;
  return new Bearers(() => Promise.resolve({ token: `token ${++made}`, expires: Date.now() + 600_000 }));
}

const refusal = new ConnectError("void", Code.Unauthenticated);

function request(stream: boolean) {
  return { stream, header: new Headers() } as unknown as UnaryRequest & StreamRequest;
}

describe("a signed call", () => {
  it("is repeated once with a fresh token when its own is refused", async () => {
    const sent: (string | null)[] = [];
    const call = sign(numbered())((given) => {
      sent.push(given.header.get("authorization"));
      return sent.length === 1 ? Promise.reject(refusal) : Promise.resolve({ stream: false } as UnaryResponse);
    });
    await call(request(false));
    expect(sent).toEqual(["Bearer token 1", "Bearer token 2"]);
  });

  it("that streams asks for a fresh token after its own was refused on the way", async () => {
    const bearers = numbered();
    async function* frames() {
      yield "a";
      throw refusal;
    }
    const call = sign(bearers)(() => Promise.resolve({ stream: true, message: frames() } as unknown as StreamResponse));
    const response = (await call(request(true))) as StreamResponse;
    const seen: unknown[] = [];
    await expect(
      (async () => {
        for await (const frame of response.message) seen.push(frame);
      })(),
    ).rejects.toBe(refusal);
    expect(seen).toEqual(["a"]);
    expect(await bearers.get()).toBe("token 2");
  });
});
