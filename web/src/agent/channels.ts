/** The organization's channels: their names and kinds, and whether messages leave. */

import { createClient, type Transport } from "@connectrpc/connect";
import { ChannelKind, ChannelState, type Channel } from "@contracts/channel/v1/channel_pb";
import { ChannelService } from "@contracts/channel/v1/channel_service_pb";

import { organizationOf } from "../api/media";
import { unary } from "../api/transport";
import { Store } from "../chat/store";

const PAGE = 100;
const EVERY_MS = 30_000;

const KINDS: Partial<Record<ChannelKind, string>> = {
  [ChannelKind.WEB_CHAT]: "Web chat",
  [ChannelKind.WHATSAPP_TWILIO]: "WhatsApp",
  [ChannelKind.WHATSAPP_CLOUD]: "WhatsApp",
  [ChannelKind.EMAIL]: "Email",
};

export class Channels {
  readonly store = new Store<{ byName: ReadonlyMap<string, Channel>; loaded: boolean }>({ byName: new Map(), loaded: false });
  readonly #client;
  readonly #timer: ReturnType<typeof setInterval>;

  constructor(
    transport: Transport,
    /** A resource name in the organization. */
    private readonly within: string,
  ) {
    this.#client = createClient(ChannelService, transport);
    this.#timer = setInterval(() => void this.load(), EVERY_MS);
    void this.load();
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  async load(): Promise<void> {
    const byName = new Map<string, Channel>();
    try {
      let pageToken = "";
      do {
        const page = await this.#client.listChannels({ parent: organizationOf(this.within), pageSize: PAGE, pageToken }, unary);
        for (const channel of page.channels) byName.set(channel.name, channel);
        pageToken = page.nextPageToken;
      } while (pageToken !== "");
      this.store.set({ byName, loaded: true });
    } catch {
      // The known ones stay; the next round tries again.
    }
  }
}

/** A channel in words, such as "WhatsApp"; the name too when it says more. Empty while it is unknown. */
export function channelText(channel: Channel | undefined): string {
  if (!channel) return "";
  const kind = KINDS[channel.kind] ?? "";
  return channel.displayName && channel.displayName !== kind ? channel.displayName : kind;
}

/** Why no answer can leave on a channel; empty: one can. */
export function channelProblem(channel: Channel | undefined, loaded: boolean, name: string): string {
  if (!loaded || name === "") return "";
  if (!channel) return "This conversation's channel was deleted: no answer reaches the customer.";
  if (channel.state !== ChannelState.PAUSED) return "";
  return `${channelText(channel)} is paused: answers wait until an administrator turns it on again.`;
}
