/** A new password of one's own. It ends all sessions, this one too. */

import { UserService } from "@contracts/admin/v1/user_service_pb";
import { useState, type FormEvent } from "react";

import { Button } from "../../ui/Button";
import { Card } from "../../ui/Card";
import { TextField } from "../../ui/Field";
import { useAction } from "../data/calls";
import { useSession } from "../data/session";
import { MIN_PASSWORD } from "../setup/useSubmit";
import { Problem } from "../shell/states";

export function Password() {
  const { account } = useSession();
  const [current, setCurrent] = useState("");
  const [next, setNext] = useState("");
  // Nothing is fetched again: with its session ended, that would wait for a sign-in before the change is confirmed.
  const change = useAction(UserService.method.changePassword, { quiet: true, done: "Password changed. Sign in with the new one.", refresh: [] });
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (!(await change.run({ currentPassword: current, newPassword: next }))) return;
    setCurrent("");
    setNext("");
    account.ended(undefined); // the server ended every session; in other tabs, too, the form asks above what is being written
  };
  const wrong = change.failure?.reason === "INVALID_CREDENTIALS";
  return (
    <Card title="Password" about="Changing it signs you out on every device, here too.">
      <form onSubmit={(event) => void submit(event)} className="flex max-w-sm flex-col gap-4">
        <TextField label="Current password" type="password" autoComplete="current-password" value={current} onChange={setCurrent} required problem={wrong ? "This isn't your current password." : undefined} />
        <TextField label="New password" type="password" autoComplete="new-password" value={next} onChange={setNext} required help={`At least ${MIN_PASSWORD} characters.`} />
        {change.failure && !wrong && <Problem failure={change.failure} small />}
        <Button type="submit" className="self-start" busy={change.busy} disabled={!current || next.length < MIN_PASSWORD}>
          Change password
        </Button>
      </form>
    </Card>
  );
}
