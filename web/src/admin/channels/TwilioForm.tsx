import type { Channel, TwilioWhatsAppConfig } from "@contracts/channel/v1/channel_pb";
import { ChannelService } from "@contracts/channel/v1/channel_service_pb";

import { Card } from "../../ui/Card";
import { CodeBlock } from "../../ui/Copy";
import { TextField } from "../../ui/Field";
import { useAction } from "../data/calls";
import { useEdit } from "../data/edit";
import { useMay } from "../data/session";
import { EditBar } from "../shell/unsaved";
import { TwilioFields, twilioOf, twilioProblem, twilioValue, webhookUrl, type TwilioValue } from "./twilio";

type Value = TwilioValue & { displayName: string };

const PATHS: Record<keyof Value, string> = {
  displayName: "display_name",
  accountSid: "whatsapp_twilio.account_sid",
  authToken: "whatsapp_twilio.auth_token",
  phoneNumber: "whatsapp_twilio.phone_number",
  messagingServiceSid: "whatsapp_twilio.messaging_service_sid",
  webhookUrl: "whatsapp_twilio.webhook_url",
};

/** The account at Twilio, then the address that Twilio needs. */
export function TwilioForm({ channel, config, reread }: { channel: Channel; config: TwilioWhatsAppConfig; reread: () => void }) {
  const may = useMay("channel.channels.update");
  const action = useAction(ChannelService.method.updateChannel, { quiet: true, done: "Saved" });
  const form = useEdit<Value, typeof ChannelService.method.updateChannel.input, typeof ChannelService.method.updateChannel.output>(
    { displayName: channel.displayName, ...twilioValue(config) },
    {
      etag: channel.etag,
      action,
      reread,
      request: (value, etag) => ({
        channel: { name: channel.name, etag, displayName: value.displayName.trim(), config: { case: "whatsappTwilio", value: twilioOf(value) } },
        updateMask: { paths: Object.entries(PATHS).flatMap(([field, path]) => (field === "authToken" && !value.authToken.trim() ? [] : [path])) },
      }),
    },
  );
  const ours = webhookUrl(channel.name);
  const address = form.value.webhookUrl || ours;
  return (
    <fieldset disabled={!may} className="flex min-w-0 flex-col gap-5">
      <Card title="1. Your Twilio account" about="From Twilio's console.">
        <div className="flex flex-col gap-4">
          <TextField label="Name" value={form.value.displayName} onChange={(displayName) => form.set({ displayName })} maxLength={120} required help="Agents see it." />
          <TwilioFields value={form.value} set={form.set} />
        </div>
      </Card>
      <Card title="2. Your address at Twilio" about="In Twilio, open the sender and enter this address under “When a message comes in”, with POST.">
        <div className="flex flex-col gap-4">
          <CodeBlock label="Webhook address" code={address} />
          <TextField
            label="Address as entered at Twilio"
            value={form.value.webhookUrl}
            onChange={(url) => form.set({ webhookUrl: url })}
            inputMode="url"
            mono
            placeholder={ours}
            help="Exactly the same: Twilio signs it. It must be https, and Twilio must reach it from the internet."
          />
        </div>
      </Card>
      <Card title="3. Try it" about="“Test now” above asks Twilio whether it accepts the account. Then write to the number from a phone: that also tests the address." />
      <EditBar form={form} problem={twilioProblem(form.value)?.why} />
    </fieldset>
  );
}
