/** The form for signing in, of the desk and the admin app: a password, then a second factor where the account asks for one. */

import { useEffect, useRef, type FormEvent, type Ref } from "react";

import { useStore } from "../chat/store";
import { Button } from "../ui/Button";
import type { Account } from "./account";
import { RecoveryCodes, Refusal, SecondFactorForm } from "./SecondFactor";

interface Props {
  account: Account;
  /** The organization's id to begin with. */
  organization: string;
  email?: string;
  /** Organization and e-mail address are given: only the password is asked for. */
  fixed?: boolean;
}

export function SignInForm(props: Props) {
  const { phase, recoveryCodes } = useStore(props.account.store);
  if (phase === "secondFactor") return <SecondFactorForm account={props.account} />;
  if (phase === "recoveryCodes") return <RecoveryCodes codes={recoveryCodes} onKept={() => props.account.keptRecoveryCodes()} />;
  return <PasswordForm {...props} />;
}

function PasswordForm({ account, organization, email = "", fixed = false }: Props) {
  const { phase, failure } = useStore(account.store);
  const password = useRef<HTMLInputElement>(null);
  const busy = phase === "signingIn";

  useEffect(() => {
    if (failure) password.current?.select();
  }, [failure]);

  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const values = new FormData(event.currentTarget);
    const text = (name: string) => String(values.get(name) ?? "");
    void account.signIn(text("organization"), text("email"), text("password"));
  };

  return (
    <form onSubmit={submit} className="flex flex-col gap-4">
      <Field label="Organization" name="organization" autoComplete="organization" defaultValue={organization} readOnly={fixed} autoFocus={organization === ""} />
      <Field label="E-mail" name="email" type="email" autoComplete="username" defaultValue={email} readOnly={fixed} autoFocus={organization !== "" && email === ""} />
      <Field label="Password" name="password" type="password" autoComplete="current-password" field={password} invalid={failure !== undefined} autoFocus={email !== ""} />
      {failure && <Refusal id="sign-in-problem" failure={failure} />}
      <Button type="submit" look="primary" busy={busy} className="mt-1 min-h-11">
        {busy ? "Signing in…" : "Sign in"}
      </Button>
    </form>
  );
}

interface FieldProps {
  label: string;
  name: string;
  type?: string;
  autoComplete: string;
  defaultValue?: string;
  autoFocus?: boolean;
  readOnly?: boolean;
  invalid?: boolean;
  field?: Ref<HTMLInputElement>;
}

function Field({ label, invalid = false, field, type = "text", readOnly = false, ...rest }: FieldProps) {
  return (
    <label className="flex flex-col gap-1.5 text-sm font-semibold">
      {label}
      <input
        ref={field}
        type={type}
        required
        readOnly={readOnly}
        aria-invalid={invalid}
        aria-describedby={invalid ? "sign-in-problem" : undefined}
        className={`min-h-11 rounded-xl border bg-paper px-3.5 text-base font-normal read-only:border-line read-only:text-muted focus-visible:border-accent ${invalid ? "border-danger" : "border-edge"}`}
        {...rest}
      />
    </label>
  );
}
