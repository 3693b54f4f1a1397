/** One conversation as it was: live, with sources, the trace of each answer, and its customer beside it. */

import { timestampMs } from "@bufbuild/protobuf/wkt";
import { ConversationService } from "@contracts/core/v1/conversation_service_pb";
import type { Conversation } from "@contracts/core/v1/conversation_pb";
import { CustomerService } from "@contracts/core/v1/customer_service_pb";
import { ParticipantRole, type Message } from "@contracts/core/v1/message_pb";
import { TurnService } from "@contracts/core/v1/turn_service_pb";
import { useEffect, useMemo, useState, type ReactNode } from "react";
import { Link, useParams, useSearchParams } from "react-router";

import { downloadPath, refetch } from "../../api/media";
import { kindText, languageText, verifiedText } from "../../agent/words";
import { arrange } from "../../chat/arrange";
import { MessageBubble, type Side } from "../../chat/Bubble";
import { LiveConversation } from "../../chat/live";
import { LinkTo, Refetch } from "../../chat/Parts";
import { useStore } from "../../chat/store";
import { Button } from "../../ui/Button";
import { Card, Facts } from "../../ui/Card";
import { Name } from "../../ui/Name";
import { moment } from "../../ui/time";
import { useCall, usePages } from "../data/calls";
import { idOf, useMay, useSession } from "../data/session";
import { useChannels } from "../overview/places";
import { Page } from "../shell/Page";
import { Loaded, Problem, Skeleton } from "../shell/states";
import { Trace } from "./Trace";
import { customerOf, Short, StateBadge } from "./words";

export function Component() {
  const { organization } = useSession();
  const { conversation: id = "" } = useParams();
  const name = `${organization}/conversations/${id}`;
  const conversation = useCall(ConversationService.method.getConversation, { name }, { every: 10_000 });
  const title = conversation.data ? customerOf(conversation.data) : "Conversation";
  const [search, setSearch] = useSearchParams();
  const turn = search.get("turn") ?? "";
  return (
    <Page title={title} back={{ to: "/conversations", label: "Conversations" }} wide>
      <Loaded of={conversation}>
        {(found) => (
          <div className="grid grid-cols-1 items-start gap-4 lg:grid-cols-[minmax(0,1fr)_20rem]">
            <Messages name={name} />
            <aside aria-label="About this conversation" className="flex flex-col gap-4">
              <About conversation={found} />
              <Customer conversation={found} />
            </aside>
          </div>
        )}
      </Loaded>
      {turn && <Trace turn={`${name}/turns/${turn}`} onClose={() => setSearch({}, { replace: true })} />}
    </Page>
  );
}

function Messages({ name }: { name: string }) {
  const { transport } = useSession();
  const [live, setLive] = useState<LiveConversation>();
  useEffect(() => {
    const made = new LiveConversation(transport, name);
    made.start();
    setLive(made);
    return () => made.stop();
  }, [transport, name]);
  return live ? <Shown live={live} /> : <Skeleton />;
}

function Shown({ live }: { live: LiveConversation }) {
  const { transport } = useSession();
  const mayTrace = useMay("core.turns.read");
  const { view, loaded, failure, olderToken, loadingOlder } = useStore(live.store);
  const turns = usePages(TurnService.method.listTurns, { parent: live.name, pageSize: 100 }, (page) => page.turns, { enabled: mayTrace, every: 10_000 });
  const linkTo = useMemo(() => (media: string) => downloadPath(transport, media), [transport]);
  const fetchAgain = useMemo(() => (media: string) => refetch(transport, media), [transport]);
  if (failure) return <Problem failure={failure} />;
  if (!loaded) return <Skeleton />;
  const { lines } = arrange(view, olderToken === "");
  const told = new Set(view.messages.map(({ turn }) => turn));
  const untold = new Map((turns.data ?? []).filter(({ name }) => !told.has(name)).map(({ answersSeq, name }) => [answersSeq, name]));
  return (
    <Card className="min-w-0">
      {olderToken !== "" && (
        <Button busy={loadingOlder} onClick={() => void live.loadOlder()}>
          Show earlier messages
        </Button>
      )}
      {lines.length === 0 && <p className="text-sm text-muted">Nothing was said yet.</p>}
      <LinkTo value={linkTo}>
        <Refetch value={fetchAgain}>
          <ol className="flex flex-col gap-2" aria-label="Messages">
            {lines.map(({ message, date, first }) => (
              <li key={message.name} className={first ? "mt-2" : ""} data-role={ParticipantRole[message.role].toLowerCase()}>
                {date && <p className="my-2 text-center text-xs font-medium text-muted">{date}</p>}
                <MessageBubble message={message} side={sideOf(message)} author={first ? authorOf(message) : undefined} timed />
                {mayTrace && message.role === ParticipantRole.ASSISTANT && message.turn && (
                  <Link to={`?turn=${idOf(message.turn)}`} replace className="mt-0.5 inline-flex min-h-6 items-center rounded px-1 text-xs text-accent hover:underline">
                    How it was answered
                  </Link>
                )}
                {message.role === ParticipantRole.CUSTOMER && untold.has(message.seq) && (
                  <Link to={`?turn=${idOf(untold.get(message.seq)!)}`} replace className="mt-0.5 inline-flex min-h-6 items-center rounded px-1 text-xs text-accent hover:underline">
                    How the answer went
                  </Link>
                )}
              </li>
            ))}
          </ol>
        </Refetch>
      </LinkTo>
    </Card>
  );
}

function sideOf({ note, role }: Message): Side {
  if (note) return "note";
  if (role === ParticipantRole.ASSISTANT) return "assistant";
  return role === ParticipantRole.AGENT ? "agent" : "customer";
}

function authorOf({ note, role, authorDisplayName }: Message): string {
  if (note) return `Note by ${authorDisplayName || "an agent"}`;
  if (role === ParticipantRole.ASSISTANT) return authorDisplayName || "Assistant";
  return role === ParticipantRole.AGENT ? authorDisplayName || "Agent" : "Customer";
}

function About({ conversation }: { conversation: Conversation }) {
  const channels = useChannels();
  const channel = idOf(conversation.channel);
  const rows: (readonly [string, ReactNode])[] = [
    ["State", <StateBadge conversation={conversation} />],
    ["Channel", <Name>{channels.find(({ id }) => id === channel)?.label ?? channel}</Name>],
    ["Started", conversation.createTime ? moment(timestampMs(conversation.createTime)) : "–"],
    ["Last change", conversation.updateTime ? moment(timestampMs(conversation.updateTime)) : "–"],
    ["Unanswered", conversation.unanswered ? "Yes" : "No"],
  ];
  if (conversation.rating) {
    const { score, comment } = conversation.rating;
    rows.push(["Rating", comment ? <Name>{`${score} of 5: ${comment}`}</Name> : `${score} of 5`]);
  }
  if (conversation.handoverReason) rows.push(["Handed over", <Name>{conversation.handoverReason}</Name>]);
  if (conversation.subject) rows.push(["Subject", <Name>{conversation.subject}</Name>]);
  if (conversation.tags.length > 0) {
    rows.push(["Tags", <span className="flex flex-wrap gap-1">{conversation.tags.map((tag) => <Short key={tag}>{tag}</Short>)}</span>]);
  }
  return (
    <Card title="Conversation">
      <Facts rows={rows} />
    </Card>
  );
}

function Customer({ conversation }: { conversation: Conversation }) {
  const may = useMay("core.customers.read");
  const customer = useCall(CustomerService.method.getCustomer, { name: conversation.customer }, { enabled: may });
  if (!may) return null;
  return (
    <Card title="Customer">
      <Loaded of={customer} skeleton={<Skeleton rows={2} />}>
        {(found) => (
          <>
            <Facts
              rows={[
                ["Name", found.displayName ? <Name>{found.displayName}</Name> : "Not known yet"],
                ["Language", languageText(found.language) || "Not known yet"],
                ...found.identities.map((identity) => [kindText(identity.kind), <IdentityValue key={identity.value} value={identity.value} state={verifiedText(identity)} />] as const),
              ]}
            />
          </>
        )}
      </Loaded>
    </Card>
  );
}

function IdentityValue({ value, state }: { value: string; state: string }) {
  return (
    <>
      <Name>{value}</Name>
      <span className="block text-xs text-muted">{state}</span>
    </>
  );
}
