/**
 * Messages on their way out: shown at once, sent in order, retried under the same `request_id` until they are accepted or
 * refused. An outage of any length costs time, never a message.
 */

import { Code } from "@connectrpc/connect";

import { failure, isTransient, type Failure } from "../api/errors";
import { backoff, pause } from "../api/watch";
import type { DraftFile } from "./files";

export type DraftState = "sending" | "queued" | "failed";

/** A message of this screen that is not in the history yet. */
export interface Draft {
  requestId: string;
  text: string;
  note: boolean;
  /** Sent with the text; missing in drafts of earlier versions. */
  files?: readonly DraftFile[] | undefined;
  state: DraftState;
  /** When it was written, in ms since 1970. */
  time: number;
  /** Why it was refused; while `sending`, why the last try failed. */
  failure?: Failure | undefined;
}

/** The fate of a sent message: in the conversation, or accepted for later. */
export type Sent = "accepted" | "queued";

interface Outlet {
  send(draft: Draft, signal: AbortSignal): Promise<Sent>;
  /** The drafts changed. */
  changed(drafts: readonly Draft[]): void;
}

const PACE = { least: 400, most: 10_000 };

export class Outbox {
  #drafts: readonly Draft[] = [];
  #busy = false;
  #endWait = () => {};

  constructor(
    private readonly outlet: Outlet,
    private readonly signal: AbortSignal,
  ) {}

  /** Restores drafts that a reload interrupted. Sending again is safe, because the `request_id` is the same. */
  restore(drafts: readonly Draft[]): void {
    this.#set([...drafts.map((draft) => ({ ...draft, state: "sending" as const, failure: undefined })), ...this.#drafts]);
    void this.#run();
  }

  add(text: string, note = false, files: readonly DraftFile[] = []): void {
    const requestId = newId();
    this.#set([...this.#drafts, { requestId, text, note, files, state: "sending", time: Date.now() }]);
    void this.#run();
  }

  retry(requestId: string): void {
    this.#update(requestId, { state: "sending", failure: undefined });
    void this.#run();
  }

  /** Tries again now: the connection is back. */
  hurry(): void {
    this.#endWait();
  }

  discard(requestId: string): void {
    this.#set(this.#drafts.filter((draft) => draft.requestId !== requestId));
    this.#endWait(); // the next one may go
  }

  /** Removes drafts that the history has by now. */
  settle(requestIds: Iterable<string>): void {
    const settled = new Set(requestIds);
    if (this.#drafts.some((draft) => settled.has(draft.requestId))) {
      this.#set(this.#drafts.filter((draft) => !settled.has(draft.requestId)));
    }
  }

  async #run(): Promise<void> {
    if (this.#busy) return;
    this.#busy = true;
    try {
      for (let next = this.#next(); next && !this.signal.aborted; next = this.#next()) await this.#send(next);
    } finally {
      this.#busy = false;
    }
  }

  #next(): Draft | undefined {
    return this.#drafts.find((draft) => draft.state === "sending");
  }

  async #send(draft: Draft): Promise<void> {
    for (let failures = 0; this.#isSending(draft) && !this.signal.aborted; ) {
      while (!navigator.onLine && !this.signal.aborted) await pause(60_000, this.signal); // is sent automatically later
      try {
        const sent = await this.outlet.send(draft, this.signal);
        if (sent === "accepted") this.discard(draft.requestId);
        else this.#update(draft.requestId, { state: "queued", failure: undefined });
        return;
      } catch (error) {
        if (this.signal.aborted) return;
        const why = failure(error);
        if (!isTransient(why)) return this.#update(draft.requestId, { state: "failed", failure: why });
        failures += 1;
        // A single break is usually over before the user notices.
        if (failures > 1 || why.code === Code.ResourceExhausted) this.#update(draft.requestId, { failure: why });
        await this.#wait(failures, why.retryAfter);
      }
    }
  }

  /** Waits before the next try: as long as the server wants, or until the connection is back. */
  async #wait(failures: number, retryAfter: number | undefined): Promise<void> {
    if (retryAfter !== undefined) return sleep(retryAfter + backoff(1, PACE), this.signal);
    const hurried = new Promise<void>((resolve) => (this.#endWait = resolve));
    await Promise.race([pause(backoff(failures, PACE), this.signal), hurried]);
  }

  #isSending({ requestId }: Draft): boolean {
    return this.#drafts.some((draft) => draft.requestId === requestId && draft.state === "sending");
  }

  #update(requestId: string, change: Partial<Draft>): void {
    this.#set(this.#drafts.map((draft) => (draft.requestId === requestId ? { ...draft, ...change } : draft)));
  }

  #set(drafts: readonly Draft[]): void {
    this.#drafts = drafts;
    this.outlet.changed(drafts);
  }
}

/** Waits, whatever happens meanwhile. */
function sleep(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms);
    signal.addEventListener("abort", () => resolve());
  });
}

/** A random id. `crypto.randomUUID` exists on https:// and localhost only; this does everywhere. */
export function newId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
