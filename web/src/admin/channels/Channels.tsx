import type { Channel } from "@contracts/channel/v1/channel_pb";
import { ChannelService } from "@contracts/channel/v1/channel_service_pb";
import { useSearchParams } from "react-router";

import { Ago } from "../../ui/Ago";
import { Badge } from "../../ui/Badge";
import { Button } from "../../ui/Button";
import { DataTable, type Column } from "../../ui/DataTable";
import { usePages } from "../data/calls";
import { idOf, useMay, useSession } from "../data/session";
import { Page } from "../shell/Page";
import { Empty, Loaded } from "../shell/states";
import { kindOf, stateOf } from "./kinds";
import { NewChannelDialog } from "./NewChannelDialog";

const COLUMNS: readonly Column<Channel>[] = [
  { id: "name", head: "Name", cell: ({ displayName }) => displayName },
  { id: "kind", head: "Kind", width: "11rem", from: "sm", cell: ({ kind }) => kindOf(kind).label },
  { id: "assistant", head: "Assistant", width: "6rem", from: "md", cell: ({ assistantOff }) => (assistantOff ? "Off" : "Answers") },
  { id: "changed", head: "Changed", width: "8rem", from: "md", cell: ({ updateTime }) => <Ago at={updateTime} /> },
  { id: "state", head: "State", width: "7rem", cell: (row) => <Badge look={stateOf(row).look}>{stateOf(row).text}</Badge> },
];

export function Component() {
  const { organization } = useSession();
  const [params, setParams] = useSearchParams();
  const channels = usePages(ChannelService.method.listChannels, { parent: organization }, (page) => page.channels);
  const add = useMay("channel.channels.create") && (
    <Button look="primary" icon="plus" onClick={() => setParams({ add: "1" })}>
      Add channel
    </Button>
  );
  return (
    <Page title="Channels" about="Where customers write to you: a chat on your site, or a WhatsApp number. A change works at once, without a restart." actions={add}>
      <Loaded
        of={channels}
        empty={
          <Empty icon="plug" title="No channels yet" action={add}>
            Add a web chat to get a line for your site, or connect a WhatsApp number.
          </Empty>
        }
      >
        {(rows) => <DataTable label="Channels" rows={rows} more={channels} id={({ name }) => name} columns={COLUMNS} to={({ name }) => `/channels/${idOf(name)}`} />}
      </Loaded>
      {params.has("add") && <NewChannelDialog taken={(channels.data ?? []).map(({ name }) => idOf(name))} onClose={() => setParams({}, { replace: true })} />}
    </Page>
  );
}
