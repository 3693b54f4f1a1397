import { useMay } from "../data/session";

/** The pages of the team that the user may see. */
export function useTeamTabs() {
  const users = useMay("admin.users.read");
  const invitations = useMay("admin.invitations.read");
  const roles = useMay("admin.roles.read");
  const keys = useMay("admin.apiKeys.read");
  return [
    ...(users ? [{ to: "/team", label: "People" }] : []),
    ...(invitations ? [{ to: "/team/invitations", label: "Invitations" }] : []),
    ...(roles ? [{ to: "/team/roles", label: "Roles" }] : []),
    ...(keys ? [{ to: "/team/keys", label: "API keys" }] : []),
  ];
}
