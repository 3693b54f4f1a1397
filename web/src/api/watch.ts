/** Resuming streams: a watch RPC resumes from its last token until the caller stops it. */

import { Code } from "@connectrpc/connect";

import { failure, type Failure } from "./errors";

/** How a watch is doing. `retrying` shows on the screen; `lost` means that it ended for good. */
export type Connection = "connecting" | "live" | "retrying" | "lost";

export interface Source<Frame extends { resumeToken: string }> {
  /** Fetches the present state and returns the token to watch from. Called first, and when a token is too old. */
  load(signal: AbortSignal): Promise<string>;
  /** Opens the stream. `opened` may be called when the server has answered, before the first frame. */
  open(resumeToken: string, signal: AbortSignal, opened: () => void): AsyncIterable<Frame>;
  frame(frame: Frame): void;
  connection(state: Connection, why?: Failure): void;
  /** Rests while the page has been hidden for a minute: browsers give all tabs of a site six connections over HTTP/1.1. */
  restsUnseen?: boolean;
}

/** Times in ms; tests shorten them. */
export interface Pace {
  /** The wait after the first failure; doubles up to `most`. */
  least: number;
  most: number;
  /** The server sends a heartbeat each 20 s: silence longer than this is a dead connection. */
  silence: number;
  /** A stream without failure for this long counts as live. */
  settled: number;
  /** For how long a page is hidden before its streams may rest. */
  unseen: number;
}

const PACE: Pace = { least: 400, most: 15_000, silence: 45_000, settled: 1_500, unseen: 60_000 };

/** Runs until `signal` aborts or the server refuses for good. Never throws. */
export async function watch<Frame extends { resumeToken: string }>(
  source: Source<Frame>,
  signal: AbortSignal,
  pace: Pace = PACE,
): Promise<void> {
  let token = "";
  let failures = 0;
  const live = () => {
    failures = 0;
    source.connection("live");
  };
  const attention = followAttention(pace.unseen, signal);
  source.connection("connecting");
  while (!signal.aborted) {
    if (source.restsUnseen) await attention.back();
    const attempt = attemptSignal(signal);
    if (source.restsUnseen) attention.onGone(attempt.abort);
    try {
      if (token === "") {
        token = await source.load(attempt.signal);
        live();
      }
      const quiet = silence(pace, attempt.abort, live);
      try {
        for await (const frame of source.open(token, attempt.signal, live)) {
          quiet.heard();
          token = frame.resumeToken || token;
          source.frame(frame);
        }
      } finally {
        quiet.stop();
      }
    } catch (error) {
      if (signal.aborted) return;
      const why = failure(error);
      if (isFinal(why)) return source.connection("lost", why);
      if (why.code === Code.OutOfRange || why.reason === "INVALID_RESUME_TOKEN") token = "";
      else token = why.metadata.resume_token || token;
      if (!isPlanned(why) && !(source.restsUnseen && attention.gone())) {
        failures += 1;
        // The first break is usually repaired before the user notices.
        if (failures > 1 || !navigator.onLine) source.connection("retrying", why);
      }
    } finally {
      attempt.done();
    }
    await pause(backoff(failures, pace), signal);
  }
}

/** A random wait that grows with each failure; a planned end waits a moment only, so that not all come back at once. */
export function backoff(failures: number, { least, most }: Pick<Pace, "least" | "most"> = PACE): number {
  const limit = Math.min(most, least * 2 ** Math.max(0, failures - 1));
  return limit * (0.5 + Math.random() / 2);
}

function isPlanned({ reason }: Failure): boolean {
  return reason === "STREAM_ENDED" || reason === "WATCHER_TOO_SLOW" || reason === "RESUME_TOKEN_EXPIRED";
}

const SIGNED_OUT = ["INVALID_REFRESH_TOKEN", "REFRESH_TOKEN_REUSED", "SESSION_EXPIRED", "SESSION_SECRET_INVALID"];
const REFUSED = [Code.NotFound, Code.PermissionDenied, Code.Unimplemented, Code.InvalidArgument, Code.FailedPrecondition];

function isFinal({ code, reason }: Failure): boolean {
  return SIGNED_OUT.includes(reason) || (REFUSED.includes(code) && reason !== "INVALID_RESUME_TOKEN");
}

/** Follows whether the page is visible. It counts as gone once it has been hidden for `ms`. */
function followAttention(ms: number, signal: AbortSignal) {
  const page = globalThis.document;
  let gone = false;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let leave = () => {};
  let comeBack = () => {};
  const changed = () => {
    clearTimeout(timer);
    if (page.visibilityState === "hidden" && !signal.aborted) {
      timer = setTimeout(() => {
        gone = true;
        leave();
      }, ms);
    } else {
      gone = false;
      comeBack();
    }
  };
  page?.addEventListener("visibilitychange", changed, { signal });
  if (page) {
    signal.addEventListener("abort", changed);
    changed();
  }
  return {
    gone: () => gone,
    /** Called when it is gone. */
    onGone: (what: () => void) => {
      leave = what;
    },
    /** Waits until it is visible, if it is gone. */
    back: () => new Promise<void>((resolve) => (gone && !signal.aborted ? (comeBack = resolve) : resolve())),
  };
}

/** An abort signal of one attempt, which also ends when the browser goes offline: no use in waiting for a dead socket. */
function attemptSignal(outer: AbortSignal) {
  const inner = new AbortController();
  const abort = () => inner.abort();
  outer.addEventListener("abort", abort);
  globalThis.addEventListener?.("offline", abort);
  return {
    signal: inner.signal,
    abort,
    done: () => {
      outer.removeEventListener("abort", abort);
      globalThis.removeEventListener?.("offline", abort);
      abort();
    },
  };
}

function silence(pace: Pace, abort: () => void, live: () => void) {
  let timer = setTimeout(abort, pace.silence);
  const settled = setTimeout(live, pace.settled);
  let first = true;
  return {
    heard: () => {
      clearTimeout(timer);
      timer = setTimeout(abort, pace.silence);
      if (first) live();
      first = false;
    },
    stop: () => {
      clearTimeout(timer);
      clearTimeout(settled);
    },
  };
}

/** Waits, but no longer than until the browser is online again or its page is visible. While it is offline, waits for that. */
export function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      signal.removeEventListener("abort", done);
      globalThis.removeEventListener?.("online", done);
      globalThis.document?.removeEventListener("visibilitychange", seen);
      resolve();
    };
    const seen = () => {
      if (document.visibilityState === "visible") done();
    };
    const timer = setTimeout(done, ms);
    signal.addEventListener("abort", done);
    globalThis.addEventListener?.("online", done);
    globalThis.document?.addEventListener("visibilitychange", seen);
    if (signal.aborted) done();
  });
}
