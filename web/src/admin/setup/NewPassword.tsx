/** A forgotten password is replaced. */

import { useState } from "react";

import { unary } from "../../api/transport";
import { rememberOrganization } from "../../account/organization";
import { Button } from "../../ui/Button";
import { TextField } from "../../ui/Field";
import { idOf } from "../data/session";
import { Entrance } from "../SignIn";
import { Problem } from "../shell/states";
import { links, type LinkProps } from "./LinkPage";
import { MIN_PASSWORD, PASSWORD_HELP, useSubmit } from "./useSubmit";

export function NewPassword({ token, about, leave }: LinkProps & { leave: () => void }) {
  const [password, setPassword] = useState("");
  const [done, setDone] = useState(false);
  const { submit, busy, refused } = useSubmit(async () => {
    await links().resetPassword({ token, newPassword: password }, unary);
    rememberOrganization(idOf(about.organization));
    setDone(true);
  });
  if (done) {
    return (
      <Entrance title="Password changed" about="You were signed out on every device.">
        <Button look="primary" className="w-full" onClick={leave}>
          Sign in
        </Button>
      </Entrance>
    );
  }
  return (
    <Entrance title="New password" about={about.email}>
      <form onSubmit={submit} className="flex flex-col gap-4">
        <TextField label="New password" type="password" value={password} onChange={setPassword} required autoFocus autoComplete="new-password" help={PASSWORD_HELP} />
        {refused && <Problem failure={refused} small />}
        <Button type="submit" look="primary" className="min-h-11" busy={busy} disabled={password.length < MIN_PASSWORD}>
          Change password
        </Button>
      </form>
    </Entrance>
  );
}
