import { Code, ConnectError } from "@connectrpc/connect";
import { BinaryWriter } from "@bufbuild/protobuf/wire";
import { afterEach, beforeEach, expect, it, vi } from "vitest";

import { awaited, LOOKS } from "./media";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** MEDIA_NOT_READY with a state, as a `google.rpc.ErrorInfo`. */
function notReady(state: string): ConnectError {
  const entry = new BinaryWriter().tag(1, 2).string("state").tag(2, 2).string(state).finish();
  const info = new BinaryWriter().tag(1, 2).string("MEDIA_NOT_READY").tag(3, 2).bytes(entry).finish();
  const error = new ConnectError("", Code.FailedPrecondition);
  error.details.push({ type: "google.rpc.ErrorInfo", value: info });
  return error;
}

it("waits for a file that is still fetched, and not for one that failed", async () => {
  const looks: string[] = [];
  const linkTo = (media: string) => {
    looks.push(media);
    return looks.length < 3 ? Promise.reject(notReady("FETCHING")) : Promise.resolve("/path");
  };
  const found = awaited(linkTo, "m1", new AbortController().signal);
  await vi.advanceTimersByTimeAsync(LOOKS[0] + LOOKS[1]);
  expect(await found).toBe("/path");
  expect(looks).toHaveLength(3);
  await expect(awaited(() => Promise.reject(notReady("FAILED")), "m1", new AbortController().signal)).rejects.toThrow();
});

it("stops looking when no one looks at the file any more, or after two minutes", async () => {
  let looks = 0;
  const linkTo = () => Promise.reject(notReady((looks += 1) ? "FETCHING" : ""));
  const shown = new AbortController();
  const stopped = awaited(linkTo, "m1", shown.signal).catch(() => "stopped");
  await vi.advanceTimersByTimeAsync(0);
  shown.abort();
  await vi.advanceTimersByTimeAsync(LOOKS[0]);
  expect(await stopped).toBe("stopped");
  const before = looks;
  const over = awaited(linkTo, "m1", new AbortController().signal).catch(() => "over");
  await vi.advanceTimersByTimeAsync(130_000);
  expect(await over).toBe("over");
  expect(looks - before).toBe(LOOKS.length + 1);
});
