/** Asks for a link to a new password. The answer is the same whether the address is known or not. */

import { createClient } from "@connectrpc/connect";
import { AuthService } from "@contracts/admin/v1/auth_service_pb";
import { useState, type FormEvent } from "react";

import { failure, type Failure } from "../api/errors";
import { openTransport, unary } from "../api/transport";
import { Button } from "../ui/Button";
import { TextField } from "../ui/Field";
import { Refusal } from "./SecondFactor";

export default function ForgottenPassword({ organization, onBack }: { organization: string; onBack: () => void }) {
  const [id, setId] = useState(organization);
  const [email, setEmail] = useState("");
  const [state, setState] = useState<"asking" | "busy" | "asked">("asking");
  const [refused, setRefused] = useState<Failure>();
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setState("busy");
    setRefused(undefined);
    try {
      await createClient(AuthService, openTransport()).requestPasswordReset({ organization: `organizations/${id.trim().toLowerCase()}`, email: email.trim() }, unary);
      setState("asked");
    } catch (error) {
      setRefused(failure(error));
      setState("asking");
    }
  };
  if (state === "asked") {
    return (
      <div className="flex flex-col gap-4 text-sm">
        <p role="status">If this address belongs to an account, and mail is set up, a link is on its way. Otherwise ask an administrator of your organization for a link.</p>
        <Button onClick={onBack}>Back to sign-in</Button>
      </div>
    );
  }
  return (
    <form onSubmit={(event) => void submit(event)} className="flex flex-col gap-4">
      <TextField label="Organization" value={id} onChange={setId} maxLength={63} required autoComplete="organization" />
      <TextField label="E-mail" type="email" value={email} onChange={setEmail} maxLength={254} required autoFocus autoComplete="username" />
      {refused && <Refusal id="reset-problem" failure={refused} />}
      <Button type="submit" look="primary" className="min-h-11" busy={state === "busy"} disabled={!id.trim() || !email.includes("@")}>
        Send a link
      </Button>
      <Button look="quiet" onClick={onBack}>
        Back to sign-in
      </Button>
    </form>
  );
}
