import { useEffect, useRef, type FormEvent } from "react";

import { useStore } from "../chat/store";
import { Mark } from "../shop/Landscape";
import { Button } from "../ui/Button";
import { Icon } from "../ui/Icon";
import type { Account } from "./account";

export function SignIn({ account, organization }: { account: Account; organization: string }) {
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
    <main className="grid min-h-dvh place-items-center p-5">
      <div className="w-full max-w-sm">
        <div className="mb-7 flex items-center gap-3">
          <Mark className="size-11" />
          <div>
            <h1 className="font-display text-2xl leading-tight font-semibold tracking-tight">Frontdesk</h1>
            <p className="text-sm text-muted">Sign in to answer customers</p>
          </div>
        </div>
        <form onSubmit={submit} className="flex flex-col gap-4 rounded-3xl border border-line bg-surface p-6 shadow-card">
          <Field label="Organization" name="organization" autoComplete="organization" defaultValue={organization} />
          <Field label="E-mail" name="email" type="email" autoComplete="username" autoFocus />
          <Field label="Password" name="password" type="password" autoComplete="current-password" field={password} invalid={failure !== undefined} />
          {failure && (
            <p id="sign-in-problem" role="alert" className="flex gap-2.5 rounded-xl bg-danger-soft px-3 py-2.5 text-sm font-medium text-danger">
              <Icon name="alert" />
              {failure.sentence}
            </p>
          )}
          <Button type="submit" look="primary" busy={busy} className="mt-1 min-h-11">
            {busy ? "Signing in…" : "Sign in"}
          </Button>
        </form>
        <p className="mt-5 text-center text-sm text-muted">
          <a href="/" className="rounded font-medium text-accent underline underline-offset-3">
            Back to the shop
          </a>
        </p>
      </div>
    </main>
  );
}

interface FieldProps {
  label: string;
  name: string;
  type?: string;
  autoComplete: string;
  defaultValue?: string;
  autoFocus?: boolean;
  invalid?: boolean;
  field?: React.Ref<HTMLInputElement>;
}

function Field({ label, invalid = false, field, type = "text", ...rest }: FieldProps) {
  return (
    <label className="flex flex-col gap-1.5 text-sm font-semibold">
      {label}
      <input
        ref={field}
        type={type}
        required
        aria-invalid={invalid}
        aria-describedby={invalid ? "sign-in-problem" : undefined}
        className={`min-h-11 rounded-xl border bg-paper px-3.5 text-base font-normal focus-visible:border-accent ${invalid ? "border-danger" : "border-edge"}`}
        {...rest}
      />
    </label>
  );
}
