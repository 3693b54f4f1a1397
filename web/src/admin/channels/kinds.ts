/** The kinds of channels that are built, and their words. */

import { ChannelKind, ChannelState, type Channel } from "@contracts/channel/v1/channel_pb";

import type { BadgeLook } from "../../ui/Badge";
import type { IconName } from "../../ui/Icon";

export interface Kind {
  kind: ChannelKind;
  label: string;
  about: string;
  icon: IconName;
}

export const KINDS: readonly Kind[] = [
  { kind: ChannelKind.WEB_CHAT, label: "Web chat", about: "A chat on your own site, or as a page of its own.", icon: "chat" },
  { kind: ChannelKind.WHATSAPP_TWILIO, label: "WhatsApp via Twilio", about: "A WhatsApp number of your Twilio account.", icon: "send" },
];

export function kindOf(kind: ChannelKind): Kind {
  return KINDS.find((each) => each.kind === kind) ?? { kind, label: "Another kind", about: "It isn't built yet: the channel keeps its settings and takes part in nothing.", icon: "plug" };
}

export function isBuilt(kind: ChannelKind): boolean {
  return KINDS.some((each) => each.kind === kind);
}

export function stateOf({ state, kind }: Channel): { look: BadgeLook; text: string } {
  if (!isBuilt(kind)) return { look: "neutral", text: "Not built yet" };
  return state === ChannelState.PAUSED ? { look: "warn", text: "Paused" } : { look: "good", text: "Active" };
}

/** An id for a new channel by its name: `Shop chat` → `shop-chat`; not one that is taken. */
export function channelId(displayName: string, taken: readonly string[]): string {
  const plain = displayName.normalize("NFKD").replace(/[\u0300-\u036f]/g, "").toLowerCase();
  const base = plain.replace(/[^a-z0-9]+/g, "-").replace(/^-+|-+$/g, "").slice(0, 50) || "channel";
  if (!taken.includes(base)) return base;
  for (let count = 2; ; count++) if (!taken.includes(`${base}-${count}`)) return `${base}-${count}`;
}
