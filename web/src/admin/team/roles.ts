/** The roles of the organization, by name. */

import type { Role } from "@contracts/admin/v1/role_pb";
import { RoleService } from "@contracts/admin/v1/role_service_pb";

import { useCall } from "../data/calls";
import { idOf, useMay, useSession } from "../data/session";

/** All roles (at most 100), built-in ones first; without the permission to read them only their ids are known. */
export function useRoles() {
  const { organization } = useSession();
  const enabled = useMay("admin.roles.read");
  const listed = useCall(RoleService.method.listRoles, { parent: organization, pageSize: 100 }, { enabled });
  const roles: readonly Role[] = listed.data?.roles ?? [];
  return {
    query: listed,
    roles,
    nameOf: (name: string) => roles.find((role) => role.name === name)?.displayName ?? idOf(name),
  };
}
