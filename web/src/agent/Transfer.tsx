/** Passes a conversation to another agent: those who are online first. */

import { createClient } from "@connectrpc/connect";
import type { Agent } from "@contracts/agent/v1/agent_pb";
import { AgentService } from "@contracts/agent/v1/agent_service_pb";
import { PresenceState } from "@contracts/agent/v1/presence_pb";
import { useEffect, useRef, useState } from "react";

import { failure, type Failure } from "../api/errors";
import { organizationOf } from "../api/media";
import { unary } from "../api/transport";
import { Button } from "../ui/Button";
import { Name } from "../ui/Name";
import { Spinner } from "../ui/Spinner";
import type { Desk } from "./desk";

const PAGE = 100;
const ORDER = [PresenceState.ONLINE, PresenceState.AWAY, PresenceState.OFFLINE];
const WORDS: Partial<Record<PresenceState, string>> = {
  [PresenceState.ONLINE]: "Online",
  [PresenceState.AWAY]: "Away",
};

interface Props {
  desk: Desk;
  conversation: string;
  /** The agent at this screen, who is not offered. */
  me: string;
  close: () => void;
}

export function Transfer({ desk, conversation, me, close }: Props) {
  const [agents, setAgents] = useState<readonly Agent[]>();
  const [problem, setProblem] = useState<Failure>();
  const [chosen, setChosen] = useState("");
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    heading.current?.focus();
    const ended = new AbortController();
    allAgents(desk, conversation, ended.signal).then(
      (found) => setAgents(offered(found, me)),
      (error: unknown) => ended.signal.aborted || setProblem(failure(error)),
    );
    return () => ended.abort();
  }, [desk, conversation, me]);
  const choose = async (agent: string) => {
    setChosen(agent);
    if (await desk.transfer(conversation, agent)) close();
    setChosen("");
  };
  return (
    <section aria-label="Transfer" onKeyDown={(event) => event.key === "Escape" && close()} className="max-h-72 overflow-y-auto border-b border-line p-3">
      <div className="flex items-center justify-between gap-2 px-2 pb-2">
        <h3 ref={heading} tabIndex={-1} className="text-sm font-semibold text-muted">
          Transfer to another agent
        </h3>
        <Button look="quiet" onClick={close}>
          Cancel
        </Button>
      </div>
      {problem && (
        <p role="alert" className="px-2 text-sm text-danger">
          {problem.sentence}
        </p>
      )}
      {!agents && !problem && <Spinner className="m-2 size-5" />}
      {agents?.length === 0 && <p className="px-2 text-sm text-muted">There's no other agent yet. Only people who have opened the desk once are listed.</p>}
      <ul className="flex flex-col gap-1">
        {agents?.map((agent) => (
          <li key={agent.name} className="flex items-center gap-3 rounded-2xl px-2 py-1.5 hover:bg-sunken">
            <span className={`size-2 rounded-full ${agent.presenceState === PresenceState.ONLINE ? "bg-live" : "bg-edge"}`} />
            <span className="min-w-0 flex-1 truncate text-sm font-medium">
              <Name>{agent.displayName}</Name>
            </span>
            <span className="text-xs text-muted">
              {WORDS[agent.presenceState] ?? "Offline"} · {agent.assignmentCount} open
            </span>
            <Button busy={chosen === agent.name} disabled={chosen !== ""} aria-label={`Transfer to ${agent.displayName}`} onClick={() => void choose(agent.name)}>
              Transfer
            </Button>
          </li>
        ))}
      </ul>
    </section>
  );
}

async function allAgents(desk: Desk, within: string, signal: AbortSignal): Promise<Agent[]> {
  const client = createClient(AgentService, desk.transport);
  const found: Agent[] = [];
  let pageToken = "";
  do {
    const page = await client.listAgents({ parent: organizationOf(within), pageSize: PAGE, pageToken }, { ...unary, signal });
    found.push(...page.agents);
    pageToken = page.nextPageToken;
  } while (pageToken !== "");
  return found;
}

/** The other agents: those online first, and among them those with the fewest conversations. */
export function offered(agents: readonly Agent[], me: string): readonly Agent[] {
  const place = ({ presenceState }: Agent) => ORDER.indexOf(presenceState) + (ORDER.includes(presenceState) ? 0 : ORDER.length + 1);
  return agents
    .filter(({ name }) => name !== me)
    .sort((a, b) => place(a) - place(b) || a.assignmentCount - b.assignmentCount || a.displayName.localeCompare(b.displayName));
}
