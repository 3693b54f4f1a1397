/** The invitations, newest first, with their states. */

import { InvitationState, type Invitation } from "@contracts/admin/v1/invitation_pb";
import { InvitationService } from "@contracts/admin/v1/invitation_service_pb";
import { useState } from "react";

import { Ago } from "../../ui/Ago";
import { Badge, type BadgeLook } from "../../ui/Badge";
import { DataTable } from "../../ui/DataTable";
import { useConfirm } from "../../ui/Dialog";
import { Menu } from "../../ui/Menu";
import { Name } from "../../ui/Name";
import { useAction, usePages } from "../data/calls";
import { useMay, useSession } from "../data/session";
import { Page } from "../shell/Page";
import { Empty, Loaded } from "../shell/states";
import { LinkMade } from "./Invite";
import { useNameOf } from "./names";
import { useRoles } from "./roles";
import { useTeamTabs } from "./tabs";

const STATES: Record<InvitationState, readonly [BadgeLook, string]> = {
  [InvitationState.UNSPECIFIED]: ["neutral", "–"],
  [InvitationState.PENDING]: ["warn", "Pending"],
  [InvitationState.ACCEPTED]: ["good", "Accepted"],
  [InvitationState.REVOKED]: ["bad", "Taken back"],
  [InvitationState.EXPIRED]: ["neutral", "Expired"],
};

export function Component() {
  const { organization } = useSession();
  const invitations = usePages(InvitationService.method.listInvitations, { parent: organization }, (page) => page.invitations);
  const roles = useRoles();
  const nameOf = useNameOf();
  return (
    <Page title="Invitations" about="A link works once, for 7 days." tabs={useTeamTabs()}>
      <Loaded of={invitations} empty={<Empty icon="link" title="No one was invited yet">Invite a colleague under People.</Empty>}>
        {(rows) => (
          <DataTable
            label="Invitations"
            rows={rows}
            id={(each) => each.name}
            more={invitations}
            columns={[
              {
                id: "email",
                head: "E-mail",
                cell: (each) => (
                  <>
                    <span className="font-medium">{each.email}</span>
                    <span className="block truncate text-xs text-muted">
                      {each.roles.map(roles.nameOf).join(", ") || "No role"}, by <Name>{nameOf(each.inviter)}</Name>
                    </span>
                  </>
                ),
              },
              { id: "state", head: "State", width: "6rem", cell: (each) => <Badge look={STATES[each.state][0]}>{STATES[each.state][1]}</Badge> },
              { id: "created", head: "Invited", width: "8rem", from: "sm", cell: (each) => <Ago at={each.createTime} /> },
              { id: "actions", head: "Actions", quiet: true, width: "2.5rem", end: true, cell: (each) => <Actions invitation={each} /> },
            ]}
          />
        )}
      </Loaded>
    </Page>
  );
}

function Actions({ invitation }: { invitation: Invitation }) {
  const renew = useAction(InvitationService.method.renewInvitation);
  const revoke = useAction(InvitationService.method.revokeInvitation, { done: "Invitation taken back" });
  const confirm = useConfirm();
  const [made, setMade] = useState<{ link: string; mailed: boolean }>();
  const may = { renew: useMay("admin.invitations.renew"), revoke: useMay("admin.invitations.revoke") };
  const takeBack = async () => {
    const text = `The link that ${invitation.email} has stops working at once.`;
    if (await confirm({ title: `Take back the invitation for ${invitation.email}?`, text, yes: "Take back", danger: true })) await revoke.run({ name: invitation.name });
  };
  const again = async () => setMade(await renew.run({ name: invitation.name }));
  const open = invitation.state === InvitationState.PENDING;
  return (
    <>
      <Menu
        label={`Actions for ${invitation.email}`}
        items={[
          { id: "renew", label: "New link", icon: "link", hidden: !may.renew || invitation.state === InvitationState.ACCEPTED, run: () => void again() },
          { id: "revoke", label: "Take back", icon: "trash", danger: true, hidden: !may.revoke || !open, run: () => void takeBack() },
        ]}
      />
      {made && <LinkMade title={`New link for ${invitation.email}`} link={made.link} mailed={made.mailed} life="7 days" onClose={() => setMade(undefined)} />}
    </>
  );
}
