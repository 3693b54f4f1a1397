/** Someone who was invited makes an account. */

import { useState } from "react";

import { unary } from "../../api/transport";
import { Button } from "../../ui/Button";
import { TextField } from "../../ui/Field";
import { Name } from "../../ui/Name";
import { Entrance } from "../SignIn";
import { Problem } from "../shell/states";
import { links, type LinkProps } from "./LinkPage";
import { MIN_PASSWORD, PASSWORD_HELP, useSubmit } from "./useSubmit";

export function AcceptInvitation({ account, token, about }: LinkProps) {
  const [displayName, setDisplayName] = useState(about.displayName);
  const [password, setPassword] = useState("");
  const { submit, busy, refused } = useSubmit(async () => {
    account.enter(await links().acceptInvitation({ token, displayName: displayName.trim(), password }, unary), about.email);
  });
  const inviter = about.inviterDisplayName ? <Name>{about.inviterDisplayName}</Name> : "A colleague";
  return (
    <Entrance
      title="You're invited"
      about={
        <>
          {inviter} invites you to <Name>{about.organizationDisplayName}</Name>.
        </>
      }
    >
      <form onSubmit={submit} className="flex flex-col gap-4">
        <TextField label="E-mail" value={about.email} onChange={() => undefined} disabled autoComplete="username" />
        <TextField label="Your name" value={displayName} onChange={setDisplayName} maxLength={100} required autoFocus autoComplete="name" />
        <TextField label="A password" type="password" value={password} onChange={setPassword} required autoComplete="new-password" help={PASSWORD_HELP} />
        {refused && <Problem failure={refused} small />}
        <Button type="submit" look="primary" className="min-h-11" busy={busy} disabled={!displayName.trim() || password.length < MIN_PASSWORD}>
          Join
        </Button>
      </form>
    </Entrance>
  );
}
