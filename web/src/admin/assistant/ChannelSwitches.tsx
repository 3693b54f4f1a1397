import { ChannelService } from "@contracts/channel/v1/channel_service_pb";
import type { Channel } from "@contracts/channel/v1/channel_pb";
import { Link } from "react-router";

import { Card } from "../../ui/Card";
import { Switch } from "../../ui/Switch";
import { useAction, usePages } from "../data/calls";
import { idOf, useMay, useSession } from "../data/session";
import { Loaded } from "../shell/states";

/** On which channels it answers. Each is in force at once: it belongs to the channel, not to the draft. */
export function ChannelSwitches() {
  const { organization } = useSession();
  const may = useMay("channel.channels.read");
  const channels = usePages(ChannelService.method.listChannels, { parent: organization }, (page) => page.channels, { enabled: may });
  if (!may) return null;
  return (
    <Card title="Where it answers" about="In force at once, without publishing. Where it is off, messages go straight to agents.">
      <Loaded of={channels} empty={<p className="text-sm text-muted">There are no channels yet.</p>}>
        {(rows) => (
          <ul className="flex flex-col gap-1">
            {rows.map((channel) => (
              <li key={channel.name}>
                <ChannelSwitch channel={channel} />
              </li>
            ))}
          </ul>
        )}
      </Loaded>
    </Card>
  );
}

function ChannelSwitch({ channel }: { channel: Channel }) {
  const may = useMay("channel.channels.update");
  const update = useAction(ChannelService.method.updateChannel, { done: "Saved" });
  const change = (on: boolean) => void update.run({ channel: { name: channel.name, assistantOff: !on }, updateMask: { paths: ["assistant_off"] } });
  return (
    <div className="flex items-start gap-3">
      <div className="min-w-0 flex-1">
        <Switch label={channel.displayName} value={!channel.assistantOff} disabled={!may || update.busy} onChange={change} />
      </div>
      <Link to={`/channels/${idOf(channel.name)}`} className="py-1 text-sm text-accent underline">
        Settings
      </Link>
    </div>
  );
}
