/** The first page of a new Frontdesk: the organization and its owner. */

import { useState } from "react";

import { unary } from "../../api/transport";
import { Button } from "../../ui/Button";
import { TextField } from "../../ui/Field";
import { Entrance } from "../SignIn";
import { Problem } from "../shell/states";
import { roleId as idFor } from "../team/permissions";
import { links, type LinkProps } from "./LinkPage";
import { MIN_PASSWORD, PASSWORD_HELP, useSubmit } from "./useSubmit";

export function FirstRun({ account, token }: LinkProps) {
  const [organizationName, setOrganizationName] = useState("");
  const [chosenId, setChosenId] = useState<string>();
  const [ownerName, setOwnerName] = useState("");
  const [email, setEmail] = useState("");
  const [password, setPassword] = useState("");
  const organizationId = chosenId ?? idFor(organizationName);
  const ready = organizationName.trim() && organizationId && ownerName.trim() && email.includes("@") && password.length >= MIN_PASSWORD;

  const { submit, busy, refused } = useSubmit(async () => {
    const { timeZone } = new Intl.DateTimeFormat().resolvedOptions();
    const login = await links().createFirstOrganization(
      {
        token,
        organizationId,
        organization: { displayName: organizationName.trim(), language: navigator.language, timeZone },
        owner: { email: email.trim(), displayName: ownerName.trim(), password },
      },
      unary,
    );
    account.enter(login, email);
  });

  return (
    <Entrance title="Welcome to Frontdesk" about="Create your organization and your own account.">
      <form onSubmit={submit} className="flex flex-col gap-4">
        <TextField label="Name of your organization" value={organizationName} onChange={setOrganizationName} maxLength={100} required autoFocus autoComplete="organization" help="Customers read it." />
        <TextField label="Its id" value={organizationId} onChange={(id) => setChosenId(idFor(id) || undefined)} maxLength={63} required mono autoComplete="off" help="You enter it when you sign in. It can't be changed later." />
        <TextField label="Your name" value={ownerName} onChange={setOwnerName} maxLength={100} required autoComplete="name" />
        <TextField label="Your e-mail" type="email" value={email} onChange={setEmail} maxLength={254} required autoComplete="username" />
        <TextField label="A password" type="password" value={password} onChange={setPassword} required autoComplete="new-password" help={PASSWORD_HELP} />
        {refused && <Problem failure={refused} small />}
        <Button type="submit" look="primary" className="min-h-11" busy={busy} disabled={!ready}>
          Create organization
        </Button>
      </form>
    </Entrance>
  );
}
