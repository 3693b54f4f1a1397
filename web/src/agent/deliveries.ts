/** How far the messages of a conversation have come at its provider. A web chat has no deliveries. */

import { createClient, type Transport } from "@connectrpc/connect";
import { DeliveryState, type Delivery } from "@contracts/channel/v1/delivery_pb";
import { DeliveryService } from "@contracts/channel/v1/delivery_service_pb";

import { organizationOf } from "../api/media";
import { unary } from "../api/transport";
import type { DeliveryShown } from "../chat/delivery";
import type { LiveConversation } from "../chat/live";
import { Store } from "../chat/store";

const PAGE = 100;
const EVERY_MS = 3_000;

/** The worst first: it stands for a message that left in parts. */
const ORDER = [
  DeliveryState.FAILED,
  DeliveryState.UNKNOWN,
  DeliveryState.CANCELLED,
  DeliveryState.QUEUED,
  DeliveryState.SENDING,
  DeliveryState.SENT,
  DeliveryState.DELIVERED,
  DeliveryState.READ,
];
const WORDS: Partial<Record<DeliveryState, string>> = {
  [DeliveryState.QUEUED]: "Waiting to be sent",
  [DeliveryState.SENDING]: "Sending…",
  [DeliveryState.SENT]: "Sent",
  [DeliveryState.DELIVERED]: "Delivered",
  [DeliveryState.READ]: "Read",
  [DeliveryState.FAILED]: "Not delivered",
  [DeliveryState.UNKNOWN]: "Perhaps sent: the provider's answer was lost",
  [DeliveryState.CANCELLED]: "Not sent: an agent took over before it left",
};

export class Deliveries {
  readonly store = new Store<{ byMessage: ReadonlyMap<string, Delivery> }>({ byMessage: new Map() });
  readonly #client;
  #timer: ReturnType<typeof setInterval> | undefined;

  constructor(
    transport: Transport,
    private readonly live: LiveConversation,
  ) {
    this.#client = createClient(DeliveryService, transport);
  }

  start(): void {
    this.#timer = setInterval(() => void this.#look(), EVERY_MS);
    void this.#look();
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  /** The line below a message; undefined when nothing is known. */
  shown(message: string): DeliveryShown | undefined {
    const delivery = this.store.get().byMessage.get(message);
    if (!delivery) return undefined;
    const failed = delivery.state === DeliveryState.FAILED;
    return {
      text: WORDS[delivery.state] ?? "",
      problem: failed ? delivery.problem || "The provider gave no reason." : "",
      retry: failed ? () => void this.#retry(delivery) : undefined,
    };
  }

  async #look(): Promise<void> {
    const { view, loaded } = this.live.store.get();
    if (!loaded || view.capabilities === undefined || document.visibilityState === "hidden") return;
    try {
      const parent = organizationOf(this.live.name);
      const page = await this.#client.listDeliveries({ parent, conversation: this.live.name, pageSize: PAGE }, unary);
      this.store.set({ byMessage: byMessage(page.deliveries) });
    } catch {
      // The known states stay; the next round tries again.
    }
  }

  async #retry({ name }: Delivery): Promise<void> {
    await this.#client.retryDelivery({ name }, unary).catch(() => undefined);
    await this.#look();
  }
}

/** One delivery for each message: the part that has come the least far. */
export function byMessage(deliveries: readonly Delivery[]): ReadonlyMap<string, Delivery> {
  const found = new Map<string, Delivery>();
  for (const delivery of deliveries) {
    const other = found.get(delivery.message);
    if (!other || ORDER.indexOf(delivery.state) < ORDER.indexOf(other.state)) found.set(delivery.message, delivery);
  }
  return found;
}
