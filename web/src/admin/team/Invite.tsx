/** Invites a colleague, and shows the link to pass on. */

import { InvitationService } from "@contracts/admin/v1/invitation_service_pb";
import { useState } from "react";

import { Button } from "../../ui/Button";
import { CodeBlock } from "../../ui/Copy";
import { Dialog } from "../../ui/Dialog";
import { TextField } from "../../ui/Field";
import { useAction, useRequestId } from "../data/calls";
import { useSession } from "../data/session";
import { Problem } from "../shell/states";
import { RolePicker } from "./RolePicker";

interface Made {
  link: string;
  mailed: boolean;
  email: string;
}

export function Invite({ onClose }: { onClose: () => void }) {
  const { organization } = useSession();
  const { requestId } = useRequestId();
  const [email, setEmail] = useState("");
  const [displayName, setDisplayName] = useState("");
  const [roles, setRoles] = useState<readonly string[]>([`${organization}/roles/agent`]);
  const [made, setMade] = useState<Made>();
  const create = useAction(InvitationService.method.createInvitation, { quiet: true });
  const submit = async () => {
    const invitation = { email: email.trim(), displayName: displayName.trim(), roles: [...roles] };
    const response = await create.run({ parent: organization, invitation, requestId });
    if (response) setMade({ ...response, email: invitation.email });
  };
  if (made) return <LinkMade title={`${made.email} is invited`} link={made.link} mailed={made.mailed} life="7 days" onClose={onClose} />;
  return (
    <Dialog
      title="Invite a colleague"
      open
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button look="primary" busy={create.busy} disabled={!email.includes("@")} onClick={() => void submit()}>
            Invite
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-4">
        <TextField label="E-mail" type="email" value={email} onChange={setEmail} maxLength={254} required autoFocus autoComplete="off" />
        <TextField label="Name" value={displayName} onChange={setDisplayName} maxLength={100} autoComplete="off" help="They can change it." />
        <RolePicker value={roles} onChange={setRoles} />
        {create.failure && <Problem failure={create.failure} small />}
      </div>
    </Dialog>
  );
}

/** A one-time link to copy: it is shown this once. */
export function LinkMade({ title, link, mailed, life, onClose }: { title: string; link: string; mailed: boolean; life: string; onClose: () => void }) {
  return (
    <Dialog
      title={title}
      open
      firm
      onClose={onClose}
      footer={
        <Button look="primary" onClick={onClose}>
          Done
        </Button>
      }
    >
      <p className="mb-3">
        {mailed ? "The link is on its way by mail. You can pass it on yourself too." : "Pass this link on, for example in a chat."} It works once, for {life}, and is shown only now.
      </p>
      {link ? <CodeBlock label="Link" code={new URL(link, window.location.origin).href} /> : <p>The link was lost on the way. Renew the invitation to get another.</p>}
    </Dialog>
  );
}
