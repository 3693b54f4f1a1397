/** The user's own account. */

import { UserService } from "@contracts/admin/v1/user_service_pb";
import { Link } from "react-router";

import { Card, Facts } from "../../ui/Card";
import { Name } from "../../ui/Name";
import { useCall } from "../data/calls";
import { idOf, useMay, useSession } from "../data/session";
import { Page } from "../shell/Page";
import { Loaded } from "../shell/states";
import { useRoles } from "../team/roles";
import { Password } from "./Password";
import { SecondFactor } from "./SecondFactor";
import { Sessions } from "./Sessions";

export function Component() {
  const { permissions } = useSession();
  const me = useCall(UserService.method.getCurrentUser, {});
  const roles = useRoles();
  const mayUpdate = useMay("admin.profile.update");
  const mayRename = useMay("admin.users.update");
  return (
    <Page title="Your profile">
      <Loaded of={me}>
        {(user) => (
          <div className="flex flex-col gap-4">
            <Card title="You" actions={mayRename && <Link to={`/team/users/${idOf(user.name)}`} className="rounded text-sm font-medium text-accent underline underline-offset-3">Change name or e-mail</Link>}>
              <Facts
                rows={[
                  ["Name", <Name key="name">{user.displayName}</Name>],
                  ["E-mail", user.email],
                  ["Roles", user.roles.map(roles.nameOf).join(", ") || "None"],
                  ["Permissions", permissions.includes("*") ? "All" : permissions.length],
                ]}
              />
            </Card>
            {mayUpdate && <SecondFactor />}
            {mayUpdate && <Password />}
            <Sessions />
          </div>
        )}
      </Loaded>
    </Page>
  );
}
