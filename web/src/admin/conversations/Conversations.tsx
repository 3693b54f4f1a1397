/** All conversations: search in what was said, filters in the address, and the way from a number to what it counts. */

import { TextFormat } from "@contracts/core/v1/message_pb";
import { useDeferredValue, useMemo } from "react";

import { Ago } from "../../ui/Ago";
import { Badge } from "../../ui/Badge";
import { Button } from "../../ui/Button";
import { Excerpt } from "../../ui/Excerpt";
import { DataTable, type Column } from "../../ui/DataTable";
import { Checkbox, SearchField, TextField } from "../../ui/Field";
import { Name } from "../../ui/Name";
import { Select } from "../../ui/Select";
import { useNow } from "../../ui/time";
import { useAddress, type Change as Changes } from "../data/address";
import { idOf } from "../data/session";
import { METRICS } from "../overview/numbers";
import { PERIODS } from "../overview/period";
import { useChannels, useTimeZone } from "../overview/places";
import { Page } from "../shell/Page";
import { Empty, Loaded } from "../shell/states";
import { useAgents } from "./agents";
import { filtersOf, isFiltered, RATINGS, STATES, type Filters } from "./filters";
import { useFound, type Found } from "./found";
import { customerOf, previewOf, Short, StateBadge } from "./words";

type Change = Changes<"q" | "state" | "channel" | "agent" | "tag" | "rating" | "unanswered" | "period" | "metric">;

export function Component() {
  const [search, set] = useAddress();
  const filters = filtersOf(search);
  const zone = useTimeZone();
  return (
    <Page title="Conversations" about="Everything that customers asked, and how it was answered." wide>
      <Bar filters={filters} set={set} />
      {zone && <List filters={filters} zone={zone} clear={() => set(Object.fromEntries([...search.keys()].map((name) => [name, ""])), false)} />}
    </Page>
  );
}

const ALL = "all";

function Bar({ filters, set }: { filters: Filters; set: (change: Change) => void }) {
  const channels = useChannels();
  const agents = useAgents();
  const chosen = (id: string) => (id === ALL ? "" : id);
  const metric = METRICS.find(({ id }) => id === filters.metric);
  return (
    <div className="mb-3 flex flex-col gap-2">
      <div className="flex flex-wrap items-center gap-2">
        <SearchField label="Search in messages" value={filters.words} onChange={(q) => set({ q, metric: "" })} className="min-w-0 flex-1 basis-64" />
        <Select label="State" quiet value={filters.state || ALL} onChange={(id) => set({ state: chosen(id) })} options={[{ id: ALL, label: "Any state" }, ...STATES]} className="w-48" />
        <Select label="Channel" quiet value={filters.channel || ALL} onChange={(id) => set({ channel: chosen(id) })} options={[{ id: ALL, label: "All channels" }, ...channels]} className="w-40" />
        {agents.length > 0 && (
          <Select label="Agent" quiet value={filters.agent || ALL} onChange={(id) => set({ agent: chosen(id) })} options={[{ id: ALL, label: "Any agent" }, ...agents]} className="w-40" />
        )}
        <TextField label="Tag" quiet placeholder="Tag" value={filters.tag} onChange={(tag) => set({ tag })} maxLength={40} className="w-32" />
        <Select label="Rating" quiet value={filters.rating || ALL} onChange={(id) => set({ rating: chosen(id) })} options={[{ id: ALL, label: "Any rating" }, ...RATINGS]} className="w-36" />
        <Select label="Period" quiet value={filters.period || ALL} onChange={(id) => set({ period: chosen(id) })} options={[{ id: ALL, label: "At any time" }, ...PERIODS]} className="w-40" />
        <Checkbox label="Unanswered" value={filters.unanswered} onChange={(on) => set({ unanswered: on ? "1" : "" })} />
      </div>
      {filters.metric && (
        <p className="flex flex-wrap items-center gap-2 text-sm text-muted">
          Counted as <Badge look="info">{metric?.label ?? filters.metric}</Badge>
          <Button look="quiet" icon="close" onClick={() => set({ metric: "" })}>
            Show all
          </Button>
        </p>
      )}
    </div>
  );
}

function List({ filters, zone, clear }: { filters: Filters; zone: string; clear: () => void }) {
  const words = useDeferredValue(filters.words);
  const now = useNow(60_000);
  const found = useFound({ ...filters, words }, zone, now);
  const channels = useChannels();
  const columns = useMemo<readonly Column<Found>[]>(() => {
    const labelOf = (channel: string) => channels.find(({ id }) => id === idOf(channel))?.label ?? idOf(channel);
    return [
      { id: "customer", head: "Customer", cell: (row) => <Customer row={row} query={words} /> },
      { id: "state", head: "State", width: "8rem", cell: ({ conversation }) => <StateBadge conversation={conversation} /> },
      { id: "channel", head: "Channel", width: "8rem", from: "md", cell: ({ conversation }) => <Name>{labelOf(conversation.channel)}</Name> },
      {
        id: "tags",
        head: "Tags",
        width: "10rem",
        from: "lg",
        cell: ({ conversation }) => <Tags tags={conversation.tags} />,
      },
      { id: "rating", head: "Rating", width: "4rem", from: "lg", end: true, cell: ({ conversation }) => conversation.rating?.score ?? "" },
      { id: "changed", head: "Last change", width: "8rem", from: "sm", end: true, cell: ({ conversation }) => <Ago at={conversation.updateTime} /> },
    ];
  }, [channels, words]);
  const narrowed = isFiltered(filters) || words !== "";
  return (
    <Loaded
      of={found}
      empty={
        <Empty icon="chat" title={narrowed ? "No conversation matches" : "No conversations yet"} action={narrowed && <Button onClick={clear}>Clear all filters</Button>}>
          {narrowed ? "Try fewer filters or other words." : "They appear here as soon as a customer writes."}
        </Empty>
      }
    >
      {(rows) => (
        <DataTable
          label="Conversations"
          rows={rows}
          id={({ conversation }) => conversation.name}
          to={({ conversation }) => `/conversations/${idOf(conversation.name)}`}
          more={found}
          columns={columns}
        />
      )}
    </Loaded>
  );
}

/** The first tag, and how many more there are: a row has one line. */
function Tags({ tags }: { tags: readonly string[] }) {
  const [first, ...more] = tags;
  if (first === undefined) return null;
  return (
    <span className="flex gap-1">
      <Short>{first}</Short>
      {more.length > 0 && (
        <span title={more.join(", ")}>
          <Badge>
            <span aria-hidden="true">+{more.length}</span>
            <span className="sr-only">{more.join(", ")}</span>
          </Badge>
        </span>
      )}
    </span>
  );
}

function Customer({ row: { conversation, message }, query }: { row: Found; query: string }) {
  return (
    <>
      <Name>{customerOf(conversation)}</Name>
      {conversation.unanswered && <span className="ms-2 inline-block size-2 rounded-full bg-live" role="img" aria-label="Unanswered" />}
      <span className="block truncate text-xs font-normal text-muted">
        {message ? <Excerpt text={message.text} markdown={message.format === TextFormat.MARKDOWN} query={query} /> : previewOf(conversation)}
      </span>
    </>
  );
}
