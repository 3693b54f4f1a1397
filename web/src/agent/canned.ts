/** The organization's canned replies: fetched at their first use, found by their shortcut or text. */

import { createClient, type Transport } from "@connectrpc/connect";
import type { CannedReply } from "@contracts/agent/v1/canned_reply_pb";
import { CannedReplyService } from "@contracts/agent/v1/canned_reply_service_pb";

import { failure, type Failure } from "../api/errors";
import { organizationOf } from "../api/media";
import { unary } from "../api/transport";
import { newId } from "../chat/outbox";
import { Store } from "../chat/store";
import { folded } from "../ui/folded";

const PAGE = 100;
const MAX_SHOWN = 8;

export interface CannedState {
  replies: readonly CannedReply[];
  loaded: boolean;
  failure: Failure | undefined;
}

export class CannedReplies {
  readonly store = new Store<CannedState>({ replies: [], loaded: false, failure: undefined });
  readonly #client;
  #loading: Promise<void> | undefined;

  constructor(
    transport: Transport,
    /** A resource name in the organization. */
    private readonly within: string,
  ) {
    this.#client = createClient(CannedReplyService, transport);
  }

  /** Fetches them, the first time and after a failure. */
  need(): void {
    if (!this.store.get().loaded) this.#loading ??= this.#load().finally(() => (this.#loading = undefined));
  }

  /** Keeps a text under a shortcut. Returns whether that worked. */
  async add(shortcut: string, text: string): Promise<boolean> {
    this.store.set({ failure: undefined });
    try {
      const request = { parent: organizationOf(this.within), cannedReply: { shortcut, text }, requestId: newId() };
      const reply = await this.#client.createCannedReply(request, unary);
      this.store.set({ replies: [...this.store.get().replies, reply] });
      return true;
    } catch (error) {
      this.store.set({ failure: failure(error) });
      return false;
    }
  }

  async #load(): Promise<void> {
    const replies: CannedReply[] = [];
    this.store.set({ failure: undefined });
    try {
      let pageToken = "";
      do {
        const page = await this.#client.listCannedReplies({ parent: organizationOf(this.within), pageSize: PAGE, pageToken }, unary);
        replies.push(...page.cannedReplies);
        pageToken = page.nextPageToken;
      } while (pageToken !== "");
      this.store.set({ replies, loaded: true });
    } catch (error) {
      this.store.set({ failure: failure(error) });
    }
  }
}

/** The names that stand in the place of placeholders; empty: not known. */
export interface Filling {
  customer: string;
  agent: string;
}

const PLACEHOLDER = /([ \u00a0]?)\{(customer|agent)\}/g;

/** A canned reply as it is inserted. A name that isn't known goes with the space before it: "Hello {customer}," is "Hello,". */
export function filled(text: string, filling: Filling): string {
  return text.replace(PLACEHOLDER, (_, space: string, what: keyof Filling) => (filling[what] ? space + filling[what] : ""));
}

/** The words after a slash at the beginning of a text; undefined when it asks for no canned reply. */
export function wantedOf(text: string): string | undefined {
  return /^\/(\S*)$/.exec(text)?.[1]?.toLowerCase();
}

/** The place of the reply with this name in a list; of the first one if it isn't in there. */
export function placeOf(found: readonly CannedReply[], chosen: string): number {
  return Math.max(0, found.findIndex(({ name }) => name === chosen));
}

/** The replies whose shortcut begins with a word, then those that have it in their shortcut or text. Marks alone are no word. */
export function matching(replies: readonly CannedReply[], wanted: string): readonly CannedReply[] {
  const sought = folded(wanted).trim();
  if (wanted !== "" && sought === "") return [];
  const place = ({ shortcut, text }: CannedReply) => {
    const at = folded(shortcut).indexOf(sought);
    if (at >= 0) return Math.min(at, 1);
    return folded(text).includes(sought) ? 2 : 3;
  };
  return replies
    .map((reply) => ({ reply, place: place(reply) }))
    .filter((found) => found.place < 3)
    .sort((a, b) => a.place - b.place || a.reply.shortcut.localeCompare(b.reply.shortcut))
    .slice(0, MAX_SHOWN)
    .map(({ reply }) => reply);
}
