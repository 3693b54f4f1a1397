/** Conversations in words. */

import { ConversationState, type Conversation } from "@contracts/core/v1/conversation_pb";
import { ParticipantRole } from "@contracts/core/v1/message_pb";

import { Badge, type BadgeLook } from "../../ui/Badge";
import { customerName } from "../../ui/customer";
import { lastSaid } from "../../ui/excerpts";
import { Name } from "../../ui/Name";

export function customerOf({ summary, customer }: Conversation): string {
  return customerName(summary?.customerDisplayName ?? "", customer);
}

export function previewOf({ summary, subject }: Conversation): string {
  if (!summary?.lastPreview) return subject || "No message yet";
  const said = lastSaid(summary);
  if (summary.lastRole === ParticipantRole.ASSISTANT) return `Assistant: ${said}`;
  return summary.lastRole === ParticipantRole.AGENT ? `Agent: ${said}` : said;
}

const LOOKS: Record<ConversationState, readonly [BadgeLook, string]> = {
  [ConversationState.UNSPECIFIED]: ["neutral", "Unknown"],
  [ConversationState.AUTOMATED]: ["info", "Assistant"],
  [ConversationState.WAITING]: ["warn", "Waiting"],
  [ConversationState.ASSIGNED]: ["good", "Agent"],
  [ConversationState.CLOSED]: ["neutral", "Closed"],
};

export function StateBadge({ conversation }: { conversation: Conversation }) {
  const [look, label] = LOOKS[conversation.state];
  const agent = conversation.state === ConversationState.ASSIGNED && conversation.agentDisplayName;
  return agent ? <Short look={look}>{agent}</Short> : <Badge look={look}>{label}</Badge>;
}

/** A word that someone wrote, as a badge: cut off where there is no room for it, and whole when the pointer rests on it. */
export function Short({ look, children }: { look?: BadgeLook; children: string }) {
  return (
    <span title={children} className="inline-flex max-w-full min-w-0">
      <Badge {...(look && { look })}>
        <span className="truncate">
          <Name>{children}</Name>
        </span>
      </Badge>
    </span>
  );
}
