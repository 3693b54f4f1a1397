/** Names of colleagues, where only their resource names are known. */

import { UserService } from "@contracts/admin/v1/user_service_pb";

import { useCall } from "../data/calls";
import { idOf, useMay, useSession } from "../data/session";

/** Finds the name of a user among the first hundred; otherwise the last part of the resource name, such as a key's id. */
export function useNameOf(): (name: string) => string {
  const { organization, user } = useSession();
  const enabled = useMay("admin.users.read");
  const listed = useCall(UserService.method.listUsers, { parent: organization, pageSize: 100 }, { enabled });
  return (name) => {
    if (name === user.name) return user.displayName;
    return listed.data?.users.find((each) => each.name === name)?.displayName ?? idOf(name);
  };
}
