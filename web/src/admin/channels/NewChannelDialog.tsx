import { ChannelKind } from "@contracts/channel/v1/channel_pb";
import { ChannelService } from "@contracts/channel/v1/channel_service_pb";
import { useState } from "react";
import { useNavigate } from "react-router";

import { Button } from "../../ui/Button";
import { Dialog } from "../../ui/Dialog";
import { TextField } from "../../ui/Field";
import { Radios } from "../../ui/Select";
import { useAction, useRequestId } from "../data/calls";
import { idOf, useSession } from "../data/session";
import { channelId, kindOf, KINDS } from "./kinds";
import { NEW_TWILIO, TwilioFields, twilioOf, twilioProblem, webhookUrl } from "./twilio";

/** Chooses a kind, then asks what that one needs. */
export function NewChannelDialog({ taken, onClose }: { taken: readonly string[]; onClose: () => void }) {
  const { organization } = useSession();
  const navigate = useNavigate();
  const { requestId } = useRequestId();
  const [kind, setKind] = useState(ChannelKind.WEB_CHAT);
  const [displayName, setDisplayName] = useState("");
  const [twilio, setTwilio] = useState(NEW_TWILIO);
  const create = useAction(ChannelService.method.createChannel, { quiet: true });
  const isTwilio = kind === ChannelKind.WHATSAPP_TWILIO;
  const id = channelId(displayName, taken);
  const ready = displayName.trim() !== "" && (!isTwilio || (twilioProblem(twilio) === undefined && twilio.authToken.trim() !== ""));
  const save = async () => {
    const url = webhookUrl(`${organization}/channels/${id}`);
    const config = isTwilio ? ({ case: "whatsappTwilio", value: twilioOf({ ...twilio, webhookUrl: twilio.webhookUrl || url }) } as const) : ({ case: "webChat", value: {} } as const);
    const made = await create.run({ parent: organization, channelId: id, requestId, channel: { displayName: displayName.trim(), kind, config } });
    if (made) void navigate(`/channels/${idOf(made.name)}`);
  };
  return (
    <Dialog
      title="Add a channel"
      open
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button look="primary" busy={create.busy} disabled={!ready} onClick={() => void save()}>
            Add channel
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-4">
        <Radios label="Kind" value={String(kind)} onChange={(chosen) => setKind(Number(chosen))} options={KINDS.map((each) => ({ id: String(each.kind), label: each.label, help: each.about }))} />
        <TextField label="Name" value={displayName} onChange={setDisplayName} maxLength={120} required placeholder={kindOf(kind).label} help="Agents see it." problem={create.failure?.sentence} autoFocus />
        {isTwilio && <TwilioFields value={twilio} set={(change) => setTwilio((before) => ({ ...before, ...change }))} isNew />}
      </div>
    </Dialog>
  );
}
