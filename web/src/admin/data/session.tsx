/** The session that all pages share. */

import type { Transport } from "@connectrpc/connect";
import type { User } from "@contracts/admin/v1/user_pb";
import { createContext, useContext } from "react";

import type { Account } from "../../account/account";
import { may } from "../../api/bearer";

export interface Session {
  account: Account;
  /** `organizations/{organization}`. */
  organization: string;
  user: User;
  permissions: readonly string[];
  /** For calls in the user's name. */
  transport: Transport;
}

const Current = createContext<Session | undefined>(undefined);

export const SessionProvider = Current.Provider;

export function useSession(): Session {
  const session = useContext(Current);
  if (!session) throw new Error("no one is signed in here");
  return session;
}

/** Whether the user holds a permission. The services decide; this hides what they would refuse. */
export function useMay(permission: string | undefined): boolean {
  const { permissions } = useSession();
  return permission === undefined || may(permissions, permission);
}

/** `organizations/demo` of any name below it. */
export function organizationOf(name: string): string {
  return name.split("/").slice(0, 2).join("/");
}

/** The last part of a resource's name. */
export function idOf(name: string): string {
  return name.slice(name.lastIndexOf("/") + 1);
}
