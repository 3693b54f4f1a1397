/** The agent's own presence: the chosen state, and the heartbeats that keep it alive. */

import { createClient, type Transport } from "@connectrpc/connect";
import { PresenceState } from "@contracts/agent/v1/presence_pb";
import { PresenceService } from "@contracts/agent/v1/presence_service_pb";

import { unary } from "../api/transport";

const INTERVAL_MS = 2_000;

export class Heart {
  readonly #client;
  #last: Promise<unknown> = Promise.resolve();
  readonly #ticker = new Worker(new URL("./ticker.worker.ts", import.meta.url), { type: "module" });

  constructor(
    transport: Transport,
    /** `organizations/{organization}/agents/{agent}/presence`. */
    private readonly name: string,
  ) {
    this.#client = createClient(PresenceService, transport);
    this.#ticker.onmessage = () => void this.#beat();
    this.#ticker.postMessage(0);
  }

  /** Quick changes arrive in their order. */
  async choose(state: PresenceState): Promise<PresenceState> {
    const chosen = this.#last.then(() => this.#client.setPresence({ name: this.name, state }, unary));
    this.#last = chosen.catch(() => undefined);
    return (await chosen).state;
  }

  stop(): void {
    this.#ticker.terminate();
  }

  async #beat(): Promise<void> {
    let wait = INTERVAL_MS;
    try {
      const { interval } = await this.#client.heartbeat({ name: this.name }, { timeoutMs: 4_000 });
      if (interval) wait = Math.max(500, Number(interval.seconds) * 1000 + interval.nanos / 1e6);
    } catch {
      // The next heartbeat retries; the inbox's own stream shows that the connection is gone.
    }
    this.#ticker.postMessage(wait);
  }
}
