/** A channel's settings as the chat draws them: fetched once, before there is a session. */

import { create } from "@bufbuild/protobuf";
import { createClient } from "@connectrpc/connect";
import { PreChatField } from "@contracts/channel/v1/channel_pb";
import { WebChatService } from "@contracts/channel/v1/web_chat_service_pb";
import { WidgetSchema, type Widget } from "@contracts/channel/v1/widget_pb";

import { failure, isTransient, type Failure } from "../api/errors";
import { openTransport, unary } from "../api/transport";
import { backoff, pause } from "../api/watch";

/** Fetches the settings of a channel, `organizations/{organization}/channels/{channel}`, and retries until it is reached. */
export async function settingsOf(channel: string, language: string): Promise<Widget | Failure> {
  const client = createClient(WebChatService, openTransport());
  const never = new AbortController().signal;
  for (let failures = 1; ; failures += 1) {
    try {
      return await client.getWidget({ name: `${channel}/widget`, language }, unary);
    } catch (error) {
      const why = failure(error);
      if (!isTransient(why)) return why;
      await pause(backoff(failures), never);
    }
  }
}

/** Settings to draw with until the channel's own are there. */
export function noSettings(): Widget {
  return create(WidgetSchema, { assistantAnswers: true, files: true });
}

/** Whether a field of the form before the chat is shown. */
export function isAsked(field: PreChatField): boolean {
  return field === PreChatField.OPTIONAL || field === PreChatField.REQUIRED;
}
