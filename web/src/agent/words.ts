/** Identities, priorities and languages in words. */

import { ConversationPriority } from "@contracts/core/v1/conversation_pb";
import { IdentityKind, IdentitySource, type Identity } from "@contracts/core/v1/identity_pb";

const KINDS: Record<IdentityKind, string> = {
  [IdentityKind.UNSPECIFIED]: "Identity",
  [IdentityKind.EMAIL]: "Email",
  [IdentityKind.PHONE]: "Phone",
  [IdentityKind.WHATSAPP_USER]: "WhatsApp",
  [IdentityKind.EXTERNAL_ID]: "Your customer ID",
  [IdentityKind.BROWSER]: "Browser",
};

const PROOFS: Record<IdentitySource, string> = {
  [IdentitySource.UNSPECIFIED]: "",
  [IdentitySource.PROVIDER]: " by the message provider",
  [IdentitySource.SIGNED_TOKEN]: " by your own sign-in",
  [IdentitySource.SESSION]: " by their chat session",
  [IdentitySource.USER]: " by someone on your team",
  [IdentitySource.CUSTOMER]: "",
};

const CLAIMS: Record<IdentitySource, string> = {
  [IdentitySource.UNSPECIFIED]: "",
  [IdentitySource.PROVIDER]: ": it's what the sender wrote",
  [IdentitySource.SIGNED_TOKEN]: "",
  [IdentitySource.SESSION]: ": it's what their browser sent",
  [IdentitySource.USER]: ": someone on your team added it",
  [IdentitySource.CUSTOMER]: ": it's what the customer typed",
};

export function kindText(kind: IdentityKind): string {
  return KINDS[kind] ?? KINDS[IdentityKind.UNSPECIFIED];
}

/** Whether an identity is verified, and by what; or where the claim is from. */
export function verifiedText({ verifyTime, source }: Identity): string {
  return verifyTime ? `Verified${PROOFS[source] ?? ""}` : `Not verified${CLAIMS[source] ?? ""}`;
}

export const PRIORITIES = [
  { value: ConversationPriority.LOW, label: "Low" },
  { value: ConversationPriority.UNSPECIFIED, label: "Normal" },
  { value: ConversationPriority.HIGH, label: "High" },
  { value: ConversationPriority.URGENT, label: "Urgent" },
] as const;

export function priorityText(priority: ConversationPriority): string {
  return PRIORITIES.find(({ value }) => value === priority)?.label ?? "Normal";
}

/** A language by name, such as "German" for `de`. A tag that the browser doesn't know stays as it is. */
export function languageText(tag: string): string {
  try {
    return tag && (new Intl.DisplayNames(undefined, { type: "language" }).of(tag) ?? tag);
  } catch {
    return tag;
  }
}

/** The line of a row that says what is special: a priority that isn't normal, and the language. */
export function specialText(priority: ConversationPriority, language: string): string {
  const urgency = priority === ConversationPriority.UNSPECIFIED ? "" : `${priorityText(priority)} priority`;
  return [urgency, languageText(language)].filter(Boolean).join(" · ");
}

const STORES: Record<string, string> = {
  core: "Conversations and messages",
  transcripts: "Transcripts",
  channel: "Channels, files and deliveries",
  agent: "Agents' inboxes",
  memory: "Memories",
};

/** The content of a store in an erasure's receipt. */
export function storeText(store: string): string {
  return STORES[store] ?? store;
}

/** `1 message`, `2 messages`. */
export function counted(count: number | bigint, one: string, several: string): string {
  return `${count} ${Number(count) === 1 ? one : several}`;
}
