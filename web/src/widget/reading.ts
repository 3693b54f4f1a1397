/** Reports how far the customer has read: at most one call a second and conversation, always with the newest number. */

import { createClient, type Transport } from "@connectrpc/connect";
import { WebChatService } from "@contracts/channel/v1/web_chat_service_pb";

import { unary } from "../api/transport";

const EVERY_MS = 1_000;

export class ReadMarks {
  /** By conversation: the newest message that is reported, and the one that waits to be. */
  readonly #reported = new Map<string, bigint>();
  readonly #waiting = new Map<string, bigint>();

  /** The message `seq` of a conversation was on the screen. A report that fails is made good by the next one. */
  mark(transport: Transport, conversation: string, seq: bigint): void {
    if (seq <= (this.#reported.get(conversation) ?? 0n)) return;
    const waits = this.#waiting.has(conversation);
    this.#waiting.set(conversation, seq);
    if (!waits) setTimeout(() => this.#report(transport, conversation), EVERY_MS);
  }

  #report(transport: Transport, conversation: string): void {
    const seq = this.#waiting.get(conversation);
    this.#waiting.delete(conversation);
    if (seq === undefined) return;
    this.#reported.set(conversation, seq);
    createClient(WebChatService, transport)
      .markRead({ conversation, seq }, unary)
      .catch(() => this.#reported.delete(conversation));
  }
}
