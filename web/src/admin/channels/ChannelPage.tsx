import { ChannelKind, ChannelState, type Channel } from "@contracts/channel/v1/channel_pb";
import { ChannelService } from "@contracts/channel/v1/channel_service_pb";
import { DeliveryState } from "@contracts/channel/v1/delivery_pb";
import { DeliveryService } from "@contracts/channel/v1/delivery_service_pb";
import { useState } from "react";
import { Link, useNavigate, useParams } from "react-router";

import { Ago } from "../../ui/Ago";
import { Badge } from "../../ui/Badge";
import { Button } from "../../ui/Button";
import { Card } from "../../ui/Card";
import { useConfirm } from "../../ui/Dialog";
import { Icon } from "../../ui/Icon";
import { Menu } from "../../ui/Menu";
import { Switch } from "../../ui/Switch";
import { useAction, useCall, usePages } from "../data/calls";
import { useMay, useSession } from "../data/session";
import { Page } from "../shell/Page";
import { Loaded } from "../shell/states";
import { isBuilt, kindOf, stateOf } from "./kinds";
import { TwilioForm } from "./TwilioForm";
import { WebChatForm } from "./WebChatForm";

const BACK = { to: "/channels", label: "Channels" };

export function Component() {
  const { organization } = useSession();
  const name = `${organization}/channels/${useParams().channel ?? ""}`;
  const found = useCall(ChannelService.method.getChannel, { name });
  const channel = found.data;
  return (
    <Page
      title={channel?.displayName ?? "Channel"}
      about={channel && kindOf(channel.kind).about}
      back={BACK}
      wide={channel?.kind === ChannelKind.WEB_CHAT}
      actions={channel && <Actions channel={channel} />}
    >
      <Loaded of={found}>
        {(one) => (
          <div className="flex flex-col gap-5">
            <Working channel={one} />
            {one.config.case === "webChat" && <WebChatForm channel={one} config={one.config.value} reread={found.retry} />}
            {one.config.case === "whatsappTwilio" && <TwilioForm channel={one} config={one.config.value} reread={found.retry} />}
          </div>
        )}
      </Loaded>
    </Page>
  );
}

function Actions({ channel }: { channel: Channel }) {
  const mayDelete = useMay("channel.channels.delete");
  const navigate = useNavigate();
  const confirm = useConfirm();
  const remove = useAction(ChannelService.method.deleteChannel, { done: "Deleted", refresh: [ChannelService.method.listChannels] });
  const { look, text } = stateOf(channel);
  const ask = async () => {
    const why = "Customers can't write here any more, and open chats end. Conversations and their history stay.";
    if (!(await confirm({ title: `Delete ${channel.displayName}?`, text: why, yes: "Delete", danger: true, typed: channel.displayName }))) return;
    if (await remove.run({ name: channel.name })) void navigate(BACK.to);
  };
  return (
    <>
      <Badge look={look}>{text}</Badge>
      <Menu label="More actions" items={[{ id: "delete", label: "Delete channel", icon: "trash", danger: true, hidden: !mayDelete, run: () => void ask() }]} />
    </>
  );
}

/** Whether it works: on or paused, a test, and the newest delivery that failed. */
function Working({ channel }: { channel: Channel }) {
  const may = useMay("channel.channels.update");
  const update = useAction(ChannelService.method.updateChannel, { done: "Saved" });
  const active = channel.state !== ChannelState.PAUSED;
  if (!isBuilt(channel.kind)) return null;
  const set = (change: Partial<Pick<Channel, "state" | "assistantOff">>, path: string) => void update.run({ channel: { name: channel.name, ...change }, updateMask: { paths: [path] } });
  return (
    <Card title="State">
      <div className="flex flex-col gap-3">
        <Switch
          label="Accepts messages"
          help={active ? "Customers can write." : "Paused: customers can't write here, and messages that wait to go out keep waiting."}
          value={active}
          disabled={!may || update.busy}
          onChange={(on) => set({ state: on ? ChannelState.ACTIVE : ChannelState.PAUSED }, "state")}
        />
        <Switch
          label="Assistant answers"
          help={channel.assistantOff ? "Messages go straight to agents." : "Agents take over when it doesn't know, or when the customer asks."}
          value={!channel.assistantOff}
          disabled={!may || update.busy}
          onChange={(on) => set({ assistantOff: !on }, "assistant_off")}
        />
        {may && <Test channel={channel} />}
        {channel.kind !== ChannelKind.WEB_CHAT && <LastFailure channel={channel} />}
      </div>
    </Card>
  );
}

function Test({ channel }: { channel: Channel }) {
  const test = useAction(ChannelService.method.testChannel, { quiet: true, refresh: [] });
  const [result, setResult] = useState<{ works: boolean; problems: readonly string[] }>();
  const run = async () => setResult(await test.run({ name: channel.name }));
  const problems = test.failure ? [test.failure.sentence] : (result?.problems ?? []);
  return (
    <div className="flex flex-wrap items-start gap-3">
      <Button busy={test.busy} onClick={() => void run()}>
        Test now
      </Button>
      {result?.works && (
        <p role="status" className="flex min-h-9 items-center gap-2 text-sm">
          <Icon name="check" className="size-4 text-accent" /> Customers can write and be answered.
        </p>
      )}
      {problems.length > 0 && (
        <ul role="alert" className="min-w-0 flex-1 rounded-lg bg-danger-soft px-3 py-2 text-sm text-danger">
          {problems.map((problem) => (
            <li key={problem}>{problem}</li>
          ))}
        </ul>
      )}
    </div>
  );
}

function LastFailure({ channel }: { channel: Channel }) {
  const { organization } = useSession();
  const may = useMay("channel.deliveries.read");
  const failed = usePages(DeliveryService.method.listDeliveries, { parent: organization, state: DeliveryState.FAILED }, (page) => page.deliveries, { enabled: may });
  const last = failed.data?.find((delivery) => delivery.channel === channel.name);
  if (!last) return null;
  const conversation = last.message.split("/")[3] ?? "";
  return (
    <div className="rounded-lg bg-sunken px-3 py-2 text-sm">
      <p className="font-medium">
        Last message that wasn't delivered, <Ago at={last.updateTime} />
      </p>
      <p className="break-words text-muted">{last.problem || "The provider gave no reason."}</p>
      <Link to={`/conversations/${conversation}`} className="text-accent underline">
        Open the conversation
      </Link>
    </div>
  );
}
