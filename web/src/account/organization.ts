/** The organization that this browser signed in to last. */

import { local } from "../api/storage";

const KEY = "frontdesk:organization";
const ID = /^[a-z0-9][a-z0-9-]{0,62}$/;

/** Its id: that of the address bar (`?organization=demo`), or the last one; empty if neither is known. */
export function rememberedOrganization(search = window.location.search): string {
  const named = new URLSearchParams(search).get("organization") ?? local.get(KEY) ?? "";
  return ID.test(named) ? named : "";
}

export function rememberOrganization(id: string): void {
  local.set(KEY, id);
}
