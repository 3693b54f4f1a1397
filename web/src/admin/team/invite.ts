/** Invites a person of a CSV file. */

import { InvitationState } from "@contracts/admin/v1/invitation_pb";
import type { CreateInvitationResponse } from "@contracts/admin/v1/invitation_service_pb";

import { sha256 } from "../knowledge/sources";
import type { Person } from "./people";

export interface Invited {
  /** A sentence: what became of the person. */
  text: string;
  /** To be passed on; empty: they have it, or no one can show it again. */
  link: string;
}

const ENDED: Partial<Record<InvitationState, string>> = {
  [InvitationState.ACCEPTED]: "the invitation before was used",
  [InvitationState.REVOKED]: "the invitation before was taken back",
  [InvitationState.EXPIRED]: "the invitation before had expired",
};

/**
 * The same person with the same roles is invited once, however often the file is used, while that invitation is open;
 * `stack/imports/users.py` agrees. After that they are invited again, once in each import. `create` invites under a request id.
 */
export async function invite(person: Person, run: string, create: (requestId: string) => Promise<CreateInvitationResponse>): Promise<Invited> {
  const id = `import-${(await sha256(new TextEncoder().encode(`${person.email}\n${person.roles.join(",")}`))).slice(0, 32)}`;
  const first = await create(id);
  const ended = first.link || first.mailed ? undefined : ENDED[first.invitation?.state ?? InvitationState.UNSPECIFIED];
  if (ended === undefined) return { link: first.link, text: first.link || first.mailed ? said(first) : "Invited before, and that link still works" };
  const again = await create(`${id}-${run}`);
  return { link: again.link, text: `${said(again)} (${ended})` };
}

function said({ link, mailed }: CreateInvitationResponse): string {
  if (mailed) return "Invited by mail";
  return link ? "Invited: pass the link on" : "Invited just now: renew the invitation for its link";
}
