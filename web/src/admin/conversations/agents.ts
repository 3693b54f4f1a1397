/** The agents as choices, by name. */

import { AgentService } from "@contracts/agent/v1/agent_service_pb";
import { useMemo } from "react";

import { usePages } from "../data/calls";
import { idOf, useMay, useSession } from "../data/session";

export function useAgents(): readonly { id: string; label: string }[] {
  const { organization } = useSession();
  const may = useMay("agent.agents.read");
  const agents = usePages(AgentService.method.listAgents, { parent: organization }, (page) => page.agents, { enabled: may });
  return useMemo(() => (agents.data ?? []).map(({ name, displayName }) => ({ id: idOf(name), label: displayName || idOf(name) })), [agents.data]);
}
