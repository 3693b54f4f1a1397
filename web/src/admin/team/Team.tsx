/** Everyone who may sign in: search, and the way to each of them. */

import { UserState, type User } from "@contracts/admin/v1/user_pb";
import { UserService } from "@contracts/admin/v1/user_service_pb";
import { useDeferredValue, useMemo } from "react";

import { Ago } from "../../ui/Ago";
import { Badge } from "../../ui/Badge";
import { Button } from "../../ui/Button";
import { DataTable, type Column, type More } from "../../ui/DataTable";
import { SearchField } from "../../ui/Field";
import { Name } from "../../ui/Name";
import { Select } from "../../ui/Select";
import { useAddress } from "../data/address";
import { usePages } from "../data/calls";
import { idOf, useMay, useSession } from "../data/session";
import { Page } from "../shell/Page";
import { Empty, Loaded } from "../shell/states";
import { Invite } from "./Invite";
import { InviteMany } from "./InviteMany";
import { filterOf } from "./filter";
import { useRoles } from "./roles";
import { useTeamTabs } from "./tabs";

const STATES = [
  { id: "all", label: "Everyone" },
  { id: "active", label: "Active" },
  { id: "deactivated", label: "Deactivated" },
];

export function Component() {
  const { organization } = useSession();
  const [search, set] = useAddress();
  const words = search.get("q") ?? "";
  const state = search.get("state") ?? "all";
  const filter = useDeferredValue(filterOf(words, state));
  const users = usePages(UserService.method.listUsers, { parent: organization, filter }, (page) => page.users, { keep: true });
  const mayInvite = useMay("admin.invitations.create");
  const mayReadRoles = useMay("admin.roles.read");
  const inviting = search.get("invite");
  return (
    <Page
      title="Team"
      about="People who manage Frontdesk or answer customers."
      tabs={useTeamTabs()}
      actions={
        mayInvite && (
          <>
            {mayReadRoles && <Button onClick={() => set({ invite: "csv" })}>Invite from CSV</Button>}
            <Button look="primary" icon="plus" onClick={() => set({ invite: "1" })}>
              Invite a colleague
            </Button>
          </>
        )
      }
    >
      <div className="mb-3 flex flex-wrap gap-2">
        <SearchField label="Search by name or e-mail" value={words} onChange={(value) => set({ q: value })} className="min-w-0 flex-1 basis-56" />
        <Select label="State" quiet value={state} onChange={(value) => set({ state: value === "all" ? "" : value })} options={STATES} className="w-40" />
      </div>
      <Loaded
        of={users}
        empty={
          <Empty icon="team" title="No one found">
            {words ? "Try a part of the name or of the e-mail address." : "No one is in this state."}
          </Empty>
        }
      >
        {(rows) => <Users rows={rows} more={users} />}
      </Loaded>
      {inviting === "csv" && mayInvite && <InviteMany onClose={() => set({ invite: "" })} />}
      {inviting && inviting !== "csv" && mayInvite && <Invite onClose={() => set({ invite: "" })} />}
    </Page>
  );
}

function Users({ rows, more }: { rows: readonly User[]; more: More }) {
  const { roles, nameOf } = useRoles();
  const { user: self } = useSession();
  const columns = useMemo<readonly Column<User>[]>(
    () => [
      {
        id: "name",
        head: "Name",
        cell: (user) => (
          <>
            <Name>{user.displayName}</Name>
            {user.name === self.name && <span className="font-normal text-muted"> (you)</span>}
            <span className="block truncate text-xs font-normal text-muted">{user.email}</span>
          </>
        ),
      },
      { id: "roles", head: "Roles", from: "sm", width: "11rem", cell: (user) => user.roles.map((role) => nameOf(role)).join(", ") || <span className="text-muted">None</span> },
      { id: "state", head: "State", width: "6.5rem", cell: (user) => <StateBadge user={user} /> },
      { id: "login", head: "Last sign-in", from: "md", width: "9rem", cell: (user) => <Ago at={user.loginTime} /> },
    ],
    [roles, self], // `nameOf` changes with the roles
  );
  return (
    <DataTable
      label="Team"
      rows={rows}
      id={(user) => user.name}
      to={(user) => `/team/users/${idOf(user.name)}`}
      more={more}
      columns={columns}
    />
  );
}

export function StateBadge({ user }: { user: User }) {
  return user.state === UserState.DEACTIVATED ? <Badge look="bad">Deactivated</Badge> : <Badge look="good">Active</Badge>;
}
