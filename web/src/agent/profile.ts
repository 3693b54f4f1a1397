/** The customer of a conversation at the desk: who they are, and an agent's changes to them and to the conversation. */

import { createClient, type Transport } from "@connectrpc/connect";
import type { ConversationPriority } from "@contracts/core/v1/conversation_pb";
import { ConversationService } from "@contracts/core/v1/conversation_service_pb";
import type { CustomerErasure } from "@contracts/core/v1/customer_erasure_pb";
import type { Customer } from "@contracts/core/v1/customer_pb";
import { CustomerService } from "@contracts/core/v1/customer_service_pb";

import { failure, isTransient, type Failure } from "../api/errors";
import { about, unary } from "../api/transport";
import { pause } from "../api/watch";
import type { LiveConversation } from "../chat/live";
import { Store } from "../chat/store";
import { Edit, type Values } from "./edit";

export interface ProfileState {
  customer: Customer | undefined;
  /** Why the customer can't be shown. */
  missing: Failure | undefined;
  /** An action that is under way. */
  busy: "" | "block" | "delete";
  /** Why the last action failed. */
  failure: Failure | undefined;
  /** The customer is erased at core. */
  deleted: boolean;
  /** The erasure's receipt, as far as fetched. */
  erasure: CustomerErasure | undefined;
}

const RECEIPT_MS = 1_000;
const MAX_RECEIPT_TRIES = 120;

export class Profile {
  readonly store = new Store<ProfileState>({
    customer: undefined,
    missing: undefined,
    busy: "",
    failure: undefined,
    deleted: false,
    erasure: undefined,
  });
  /** Name and language. */
  readonly ofCustomer: Edit;
  /** Subject and priority. */
  readonly ofConversation: Edit;
  readonly #customers;
  readonly #conversations;
  readonly #ended = new AbortController();
  #shown = "";

  constructor(
    transport: Transport,
    private readonly live: LiveConversation,
    /** Called after each change that lists show. */
    private readonly changed: () => void,
    private readonly receiptMs = RECEIPT_MS,
  ) {
    this.#customers = createClient(CustomerService, transport);
    this.#conversations = createClient(ConversationService, transport);
    this.ofCustomer = new Edit(
      () => {
        const { displayName = "", language = "", etag = "" } = this.store.get().customer ?? {};
        return { values: { displayName, language }, etag };
      },
      (values, etag) => this.#saveCustomer(values, etag),
      async () => this.store.set({ customer: await this.#fetch(this.#shown) }),
    );
    this.ofConversation = new Edit(
      () => {
        const { subject, priority, etag } = live.store.get().view;
        return { values: { subject, priority: String(priority) }, etag };
      },
      (values, etag) => this.#saveConversation(values, etag),
      async () => live.update(await this.#conversations.getConversation({ name: live.name }, { ...unary, ...about(live.name) })),
    );
  }

  stop(): void {
    this.#ended.abort();
  }

  /** Shows a customer, `organizations/{organization}/customers/{customer}`. The same one again changes nothing. */
  async show(name: string): Promise<void> {
    if (name === "" || name === this.#shown || this.store.get().deleted) return;
    this.#shown = name;
    this.ofCustomer.cancel();
    this.store.set({ customer: undefined });
    await this.load();
  }

  load = async (): Promise<void> => {
    const name = this.#shown;
    this.store.set({ missing: undefined });
    try {
      const customer = await this.#fetch(name);
      if (name === this.#shown) this.store.set({ customer });
    } catch (error) {
      if (name === this.#shown) this.store.set({ missing: failure(error) });
    }
  };

  /** Blocks the customer, or lets them write again. */
  async setBlocked(blocked: boolean): Promise<void> {
    await this.#act("block", async () => {
      const request = { name: this.#shown };
      const call = blocked ? this.#customers.blockCustomer(request, unary) : this.#customers.unblockCustomer(request, unary);
      this.store.set({ customer: await call });
    });
  }

  /** Adds and removes tags of the conversation. */
  async tag(add: string[], remove: string[]): Promise<void> {
    this.store.set({ failure: undefined });
    try {
      const { name } = this.live;
      this.live.update(await this.#conversations.tagConversation({ name, add, remove }, { ...unary, ...about(name) }));
      this.changed();
    } catch (error) {
      this.store.set({ failure: failure(error) });
    }
  }

  /** Erases the customer, and follows the receipt until every store has confirmed. */
  async erase(): Promise<void> {
    const name = this.#shown;
    const done = await this.#act("delete", async () => {
      await this.#customers.deleteCustomer({ name }, unary);
      this.store.set({ deleted: true, customer: undefined });
    });
    if (done) await this.follow();
  }

  /** Fetches the receipt until it is complete. */
  follow = async (): Promise<void> => {
    const name = this.#shown.replace("/customers/", "/customerErasures/");
    this.store.set({ failure: undefined });
    for (let tries = 0; tries < MAX_RECEIPT_TRIES && !this.#ended.signal.aborted; tries += 1) {
      try {
        const erasure = await this.#customers.getCustomerErasure({ name }, { ...unary, signal: this.#ended.signal });
        this.store.set({ erasure });
        if (erasure.finishTime) return;
      } catch (error) {
        const why = failure(error);
        if (!isTransient(why)) return this.store.set({ failure: why });
      }
      await pause(this.receiptMs, this.#ended.signal);
    }
  };

  dismiss = (): void => this.store.set({ failure: undefined });

  #fetch(name: string): Promise<Customer> {
    return this.#customers.getCustomer({ name }, { ...unary, signal: this.#ended.signal });
  }

  async #saveCustomer(values: Values, etag: string): Promise<void> {
    const paths = Object.keys(values).map((field) => (field === "displayName" ? "display_name" : field));
    const request = { customer: { name: this.#shown, etag, ...values }, updateMask: { paths } };
    this.store.set({ customer: await this.#customers.updateCustomer(request, unary) });
    this.changed();
  }

  async #saveConversation(values: Values, etag: string): Promise<void> {
    const { name } = this.live;
    const { subject = "", priority = "0" } = values;
    const conversation = { name, etag, subject, priority: Number(priority) as ConversationPriority };
    const request = { conversation, updateMask: { paths: Object.keys(values) } };
    this.live.update(await this.#conversations.updateConversation(request, { ...unary, ...about(name) }));
    this.changed();
  }

  async #act(busy: "block" | "delete", call: () => Promise<void>): Promise<boolean> {
    if (this.store.get().busy) return false;
    this.store.set({ busy, failure: undefined });
    try {
      await call();
      return true;
    } catch (error) {
      this.store.set({ failure: failure(error) });
      return false;
    } finally {
      this.store.set({ busy: "" });
    }
  }
}
