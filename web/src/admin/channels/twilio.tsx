/** A WhatsApp number at Twilio: what its form holds, and what is wrong with it. */

import { create } from "@bufbuild/protobuf";
import { TwilioWhatsAppConfigSchema, type TwilioWhatsAppConfig } from "@contracts/channel/v1/channel_pb";

import { TextField } from "../../ui/Field";

export interface TwilioValue {
  accountSid: string;
  /** Empty: the stored one stays. */
  authToken: string;
  phoneNumber: string;
  messagingServiceSid: string;
  webhookUrl: string;
}

export const NEW_TWILIO: TwilioValue = { accountSid: "", authToken: "", phoneNumber: "", messagingServiceSid: "", webhookUrl: "" };

export function twilioValue(config: TwilioWhatsAppConfig): TwilioValue {
  const { accountSid, phoneNumber, messagingServiceSid, webhookUrl: url } = config;
  return { accountSid, authToken: "", phoneNumber, messagingServiceSid, webhookUrl: url };
}

/** Where Twilio sends messages, if it reaches Frontdesk at the address of this page. */
export function webhookUrl(channel: string, origin = window.location.origin): string {
  return `${origin}/v1/${channel}/webhooks:twilio`;
}

export function twilioOf(value: TwilioValue): TwilioWhatsAppConfig {
  const token = value.authToken.trim();
  return create(TwilioWhatsAppConfigSchema, {
    accountSid: value.accountSid.trim(),
    phoneNumber: number(value.phoneNumber),
    messagingServiceSid: value.messagingServiceSid.trim(),
    webhookUrl: value.webhookUrl.trim(),
    ...(token && { authToken: token }),
  });
}

/** The first field that can't be right, with what to do; undefined: none. */
export function twilioProblem(value: TwilioValue): { field: keyof TwilioValue; why: string } | undefined {
  if (!/^AC[0-9a-f]{32}$/i.test(value.accountSid.trim())) return { field: "accountSid", why: "It begins with AC and has 34 characters. Copy it from Twilio's console." };
  if (!/^\+[1-9][0-9]{6,14}$/.test(number(value.phoneNumber))) return { field: "phoneNumber", why: "Write it with + and the country code, such as +14155238886." };
  const service = value.messagingServiceSid.trim();
  if (service && !/^MG[0-9a-f]{32}$/i.test(service)) return { field: "messagingServiceSid", why: "It begins with MG and has 34 characters. Leave it empty if you have none." };
  return undefined;
}

/** A number without spaces and with what people copy along. */
function number(text: string): string {
  return text.trim().replace(/^whatsapp:/i, "").replace(/[\s().-]/g, "");
}

interface Props {
  value: TwilioValue;
  set: (change: Partial<TwilioValue>) => void;
  isNew?: boolean;
}

export function TwilioFields({ value, set, isNew = false }: Props) {
  const problem = twilioProblem(value);
  const wrong = (field: keyof TwilioValue) => (value[field].trim() !== "" && problem?.field === field ? problem.why : undefined);
  return (
    <>
      <TextField label="Account SID" value={value.accountSid} onChange={(accountSid) => set({ accountSid })} mono required problem={wrong("accountSid")} help="On the first page of Twilio's console." />
      <TextField
        label="Auth token"
        value={value.authToken}
        onChange={(authToken) => set({ authToken })}
        type="password"
        autoComplete="off"
        mono
        required={isNew}
        maxLength={128}
        help={isNew ? "Below the account SID. Stored encrypted; no one can read it again." : "Stored. Enter a new one to replace it."}
      />
      <TextField label="WhatsApp number" value={value.phoneNumber} onChange={(phoneNumber) => set({ phoneNumber })} required placeholder="+14155238886" problem={wrong("phoneNumber")} help="Twilio lists it under WhatsApp senders. To try it out, use the number of the sandbox." />
      <TextField label="Messaging service SID" value={value.messagingServiceSid} onChange={(messagingServiceSid) => set({ messagingServiceSid })} mono problem={wrong("messagingServiceSid")} help="Only if you send through a messaging service." />
    </>
  );
}
