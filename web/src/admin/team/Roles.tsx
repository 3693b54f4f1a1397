/** The roles: the built-in ones, and the organization's own. */

import { RoleService } from "@contracts/admin/v1/role_service_pb";
import { Link } from "react-router";

import { Badge } from "../../ui/Badge";
import { DataTable } from "../../ui/DataTable";
import { usePages } from "../data/calls";
import { idOf, useMay, useSession } from "../data/session";
import { Page } from "../shell/Page";
import { Loaded } from "../shell/states";
import { useTeamTabs } from "./tabs";

export const LINK_BUTTON =
  "inline-flex min-h-9 items-center justify-center gap-2 rounded-full bg-accent px-4 py-1.5 text-sm font-semibold text-on-accent hover:bg-accent-strong";

export function Component() {
  const { organization } = useSession();
  const roles = usePages(RoleService.method.listRoles, { parent: organization }, (page) => page.roles);
  const mayCreate = useMay("admin.roles.create");
  return (
    <Page
      title="Roles"
      about="A role is a set of permissions. People have the permissions of all their roles."
      tabs={useTeamTabs()}
      actions={
        mayCreate && (
          <Link to="/team/roles/new" className={LINK_BUTTON}>
            New role
          </Link>
        )
      }
    >
      <Loaded of={roles}>
        {(rows) => (
          <DataTable
            label="Roles"
            rows={rows}
            id={(role) => role.name}
            to={(role) => `/team/roles/${idOf(role.name)}`}
            more={roles}
            columns={[
              {
                id: "name",
                head: "Name",
                cell: (role) => (
                  <>
                    {role.displayName}
                    <span className="block truncate text-xs font-normal text-muted">{role.description}</span>
                  </>
                ),
              },
              { id: "kind", head: "Kind", width: "5.5rem", cell: (role) => (role.builtIn ? <Badge>Built in</Badge> : <Badge look="good">Custom</Badge>) },
              { id: "size", head: "Permissions", width: "6rem", end: true, from: "sm", cell: (role) => (role.permissions.includes("*") ? "All" : role.permissions.length) },
            ]}
          />
        )}
      </Loaded>
    </Page>
  );
}
