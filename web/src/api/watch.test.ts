import { Code, ConnectError } from "@connectrpc/connect";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import { backoff, watch, type Connection, type Source } from "./watch";

const PACE = { least: 1, most: 4, silence: 1_000, settled: 500, unseen: 2_000 };

interface Frame {
  resumeToken: string;
  text: string;
}

/** The behaviour of one opened stream: its frames, then its end. */
interface Script {
  frames?: Frame[];
  end: ConnectError | "close" | "stay";
}

function info(reason: string, metadata: Record<string, string> = {}): Uint8Array<ArrayBuffer> {
  const text = (field: number, value: string) => {
    const bytes = new TextEncoder().encode(value);
    return [(field << 3) | 2, bytes.length, ...bytes];
  };
  const entries = Object.entries(metadata).flatMap(([key, value]) => {
    const entry = [...text(1, key), ...text(2, value)];
    return [(3 << 3) | 2, entry.length, ...entry];
  });
  return new Uint8Array([...text(1, reason), ...entries]);
}

function error(code: Code, reason = "", metadata: Record<string, string> = {}): ConnectError {
  const made = new ConnectError(reason, code);
  if (reason) made.details.push({ type: "google.rpc.ErrorInfo", value: info(reason, metadata) });
  return made;
}

/** Runs a watch against a script; gives what was opened, seen and shown. */
async function run(scripts: Script[], loads: (string | ConnectError)[] = ["start"]) {
  const ended = new AbortController();
  const opened: string[] = [];
  const seen: string[] = [];
  const states: Connection[] = [];
  let loaded = 0;
  const source: Source<Frame> = {
    load: () => {
      const next = loads[Math.min(loaded++, loads.length - 1)]!;
      return next instanceof ConnectError ? Promise.reject(next) : Promise.resolve(next);
    },
    async *open(token, signal) {
      opened.push(token);
      const script = scripts.shift();
      for (const frame of script?.frames ?? []) yield frame;
      if (!script || script.end === "stay") {
        if (scripts.length === 0) ended.abort();
        else await new Promise((_, reject) => signal.addEventListener("abort", () => reject(error(Code.Canceled))));
      } else if (script.end !== "close") throw script.end;
    },
    frame: ({ text }) => seen.push(text),
    connection: (state) => states.push(state),
  };
  await watch(source, ended.signal, PACE);
  return { opened, seen, states, loaded };
}

const frame = (text: string): Frame => ({ resumeToken: `after ${text}`, text });

beforeEach(() => void vi.stubGlobal("navigator", { onLine: true }));
afterEach(() => void vi.unstubAllGlobals());

describe("a watch", () => {
  it("resumes after the last frame when the connection breaks", async () => {
    const { opened, seen } = await run([
      { frames: [frame("a"), frame("b")], end: error(Code.Internal) },
      { frames: [frame("c")], end: "stay" },
    ]);
    expect(opened).toEqual(["start", "after b"]);
    expect(seen).toEqual(["a", "b", "c"]);
  });

  it("resumes from the token that the server ends it with", async () => {
    const { opened, states } = await run([
      { end: error(Code.Aborted, "STREAM_ENDED", { resume_token: "theirs" }) },
      { frames: [frame("a")], end: "stay" },
    ]);
    expect(opened).toEqual(["start", "theirs"]);
    expect(states).not.toContain("retrying");
  });

  it("fetches the present state again when its token is too old", async () => {
    const { opened, loaded } = await run(
      [{ end: error(Code.OutOfRange, "RESUME_TOKEN_EXPIRED") }, { frames: [frame("a")], end: "stay" }],
      ["old", "new"],
    );
    expect(opened).toEqual(["old", "new"]);
    expect(loaded).toBe(2);
  });

  it("says that it tries again only when the second try fails, too, and heals", async () => {
    const { states } = await run([
      { end: error(Code.Unavailable) },
      { end: error(Code.Unavailable) },
      { frames: [frame("a")], end: "stay" },
    ]);
    expect(states).toEqual(["connecting", "live", "retrying", "live"]);
  });

  it("repeats the first fetch until it succeeds", async () => {
    const { loaded, seen } = await run(
      [{ frames: [frame("a")], end: "stay" }],
      [error(Code.Unavailable), error(Code.DeadlineExceeded), "start"],
    );
    expect(loaded).toBe(3);
    expect(seen).toEqual(["a"]);
  });

  it.each([
    error(Code.NotFound, "CONVERSATION_NOT_FOUND"),
    error(Code.PermissionDenied, "NOT_YOUR_INBOX"),
    error(Code.Unauthenticated, "REFRESH_TOKEN_REUSED"),
  ])("ends for good with $message", async (refusal) => {
    const { states, opened } = await run([{ end: refusal }, { end: "stay" }]);
    expect(states.at(-1)).toBe("lost");
    expect(opened).toHaveLength(1);
  });

  it("comes back with a fresh token when the old one was refused", async () => {
    const { opened } = await run([{ end: error(Code.Unauthenticated) }, { frames: [frame("a")], end: "stay" }]);
    expect(opened).toHaveLength(2);
  });

  it("takes a silent connection for dead", async () => {
    vi.useFakeTimers();
    try {
      const running = run([{ frames: [frame("a")], end: "stay" }, { frames: [frame("b")], end: "stay" }]);
      await vi.advanceTimersByTimeAsync(PACE.silence + 100);
      expect((await running).opened).toEqual(["start", "after a"]);
      const mute = run([{ end: "stay" }, { frames: [frame("b")], end: "stay" }]);
      await vi.advanceTimersByTimeAsync(PACE.silence + 100);
      expect((await mute).opened).toEqual(["start", "start"]);
    } finally {
      vi.useRealTimers();
    }
  });
});

describe("a watch that rests unseen", () => {
  it("closes its stream when the page stays hidden, and resumes where it was when it is visible", async () => {
    vi.useFakeTimers();
    const page = Object.assign(new EventTarget(), { visibilityState: "visible" });
    vi.stubGlobal("document", page);
    const show = (visibilityState: string) => {
      page.visibilityState = visibilityState;
      page.dispatchEvent(new Event("visibilitychange"));
    };
    const ended = new AbortController();
    const opened: string[] = [];
    const states: Connection[] = [];
    const running = watch<Frame>(
      {
        restsUnseen: true,
        load: () => Promise.resolve("start"),
        async *open(token, signal) {
          opened.push(token);
          yield frame("a");
          await new Promise((_, reject) => signal.addEventListener("abort", () => reject(error(Code.Canceled))));
        },
        frame: () => undefined,
        connection: (state) => states.push(state),
      },
      ended.signal,
      { ...PACE, silence: 1_000_000 },
    );
    try {
      await vi.advanceTimersByTimeAsync(10);
      show("hidden");
      await vi.advanceTimersByTimeAsync(PACE.unseen - 10);
      show("visible");
      await vi.advanceTimersByTimeAsync(PACE.unseen);
      expect(opened, "a short absence changes nothing").toEqual(["start"]);

      show("hidden");
      await vi.advanceTimersByTimeAsync(60_000);
      expect(opened).toEqual(["start"]);
      show("visible");
      await vi.advanceTimersByTimeAsync(10);
      expect(opened).toEqual(["start", "after a"]);
      expect(states).not.toContain("retrying");
    } finally {
      ended.abort();
      await vi.advanceTimersByTimeAsync(1_000);
      await running;
      vi.useRealTimers();
    }
  });
});

describe("the wait between tries", () => {
  it("grows to its limit, and is never the same for all", () => {
    const waits = (failures: number) => Array.from({ length: 50 }, () => backoff(failures, { least: 400, most: 15_000 }));
    expect(Math.max(...waits(1))).toBeLessThanOrEqual(400);
    expect(Math.min(...waits(20))).toBeGreaterThanOrEqual(7_500);
    expect(Math.max(...waits(20))).toBeLessThanOrEqual(15_000);
    expect(new Set(waits(3)).size).toBeGreaterThan(40);
  });
});
