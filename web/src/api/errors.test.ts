import { Code, ConnectError } from "@connectrpc/connect";
import { expect, it } from "vitest";

import { failure, isSignedOut, isTransient } from "./errors";

const bytes = (field: number, text: string) => {
  const encoded = new TextEncoder().encode(text);
  return [(field << 3) | 2, encoded.length, ...encoded];
};

function error(code: Code, reason: string, metadata: Record<string, string> = {}): ConnectError {
  const made = new ConnectError("", code);
  const entries = Object.entries(metadata).flatMap(([key, value]) => {
    const entry = [...bytes(1, key), ...bytes(2, value)];
    return [(3 << 3) | 2, entry.length, ...entry];
  });
  made.details.push({ type: "google.rpc.ErrorInfo", value: new Uint8Array([...bytes(1, reason), ...entries]) });
  return made;
}

it.each([
  [Code.PermissionDenied, "CUSTOMER_BLOCKED", "You can't send messages in this chat any more."],
  [Code.FailedPrecondition, "CHANNEL_PAUSED", "This chat is closed right now. Please try again later."],
  [Code.Unauthenticated, "SESSION_EXPIRED", "Your chat has expired."],
  [Code.Unauthenticated, "TOKEN_REVOKED", "You've been signed out. Sign in again."],
  [Code.InvalidArgument, "SOMETHING_NEW", "Please check your entry."],
])("says what a refusal means (%i %s) and does not repeat the call", (code, reason, sentence) => {
  const why = failure(error(code, reason));
  expect(why).toMatchObject({ reason, sentence });
  expect(isTransient(why)).toBe(false);
});

it("says for how long to wait, and repeats the call then", () => {
  const limited = error(Code.ResourceExhausted, "TOO_MANY_REQUESTS", { retry_seconds: "12" });
  limited.details.push({ type: "google.rpc.RetryInfo", value: new Uint8Array([10, 2, 8, 12]) });
  expect(failure(limited).sentence).toBe("You're sending too fast. Try again in 12 seconds.");
  expect(isTransient(failure(limited))).toBe(true);
});

it("reads the delay from RetryInfo, otherwise from the gateway's header", () => {
  const delay = (value: number[]) => {
    const made = new ConnectError("", Code.ResourceExhausted, { "retry-after": "1" });
    if (value.length > 0) made.details.push({ type: "google.rpc.RetryInfo", value: new Uint8Array([10, value.length, ...value]) });
    return failure(made).retryAfter;
  };
  expect(delay([8, 12])).toBe(12_000);
  expect(delay([8, 2, 16, 0x80, 0xca, 0xb5, 0xee, 1])).toBe(2_500);
  expect(delay([16, 0x80, 0xca, 0xb5, 0xee, 1])).toBe(500);
  expect(delay([])).toBe(1_000);
  expect(failure(new ConnectError("", Code.ResourceExhausted)).retryAfter).toBeUndefined();
});

it("takes a broken connection for an outage", () => {
  expect(failure(new TypeError("Failed to fetch"))).toMatchObject({ code: Code.Unavailable, sentence: "We can't be reached right now." });
});

it("isolates a name from the sentence around it", () => {
  const taken = error(Code.Aborted, "HANDOVER_TAKEN", { agent_display_name: "Dana \u202e" });
  expect(failure(taken).sentence).toBe("\u2068Dana \u2069 was faster and has this conversation.");
});

it.each(["INVALID_CREDENTIALS", "INVALID_CODE", "INVALID_LINK", "INVALID_CHALLENGE"])("takes %s for a wrong entry, not for the end of the session", (reason) => {
  expect(isSignedOut(failure(error(Code.Unauthenticated, reason, {})))).toBe(false);
});

it.each(["TOKEN_REVOKED", "TOKEN_EXPIRED", "INVALID_TOKEN", ""])("takes UNAUTHENTICATED with %j for the end of the session", (reason) => {
  expect(isSignedOut(failure(error(Code.Unauthenticated, reason, {})))).toBe(true);
});
