/** The steps after the password: the code of an app, the set-up of that app where the organization asks for one, and its recovery codes. */

import { lazy, Suspense, useEffect, useRef, type FormEvent } from "react";

import type { Failure } from "../api/errors";
import { useStore } from "../chat/store";
import { Button } from "../ui/Button";
import { CopyButton } from "../ui/Copy";
import { Icon } from "../ui/Icon";
import type { Account } from "./account";

const QrCode = lazy(() => import("../ui/QrCode").then(({ QrCode: Component }) => ({ default: Component })));

export function SecondFactorForm({ account }: { account: Account }) {
  const { challenge, failure, verifying } = useStore(account.store);
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => {
    if (failure) field.current?.select();
  }, [failure]);
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    void account.verify(String(new FormData(event.currentTarget).get("code") ?? ""));
  };
  return (
    <form onSubmit={submit} className="flex flex-col gap-4 text-sm">
      {challenge?.enrollment ? (
        <>
          <p>Your organization asks for a second factor. Scan this with an authenticator app, then enter the code it shows.</p>
          <AppSetup uri={challenge.enrollment.uri} secret={challenge.enrollment.secret} />
        </>
      ) : (
        <p>Enter the code of your authenticator app, or one of your recovery codes.</p>
      )}
      <label className="flex flex-col gap-1.5 font-semibold">
        Code
        <input
          ref={field}
          name="code"
          required
          autoFocus
          autoComplete="one-time-code"
          maxLength={40}
          aria-invalid={failure !== undefined}
          aria-describedby={failure ? "code-problem" : undefined}
          className={`min-h-11 rounded-xl border bg-paper px-3.5 font-mono text-base font-normal ${failure ? "border-danger" : "border-edge"}`}
        />
      </label>
      {failure && <Refusal id="code-problem" failure={failure} />}
      <Button type="submit" look="primary" busy={verifying} className="min-h-11">
        Continue
      </Button>
      <Button look="quiet" onClick={() => account.startOver()}>
        Start over
      </Button>
    </form>
  );
}

export function Refusal({ id, failure }: { id: string; failure: Failure }) {
  return (
    <p id={id} role="alert" className="flex gap-2.5 rounded-xl bg-danger-soft px-3 py-2.5 text-sm font-medium text-danger">
      <Icon name="alert" />
      {failure.sentence}
    </p>
  );
}

/** The QR code for an authenticator app, and the same to type. */
export function AppSetup({ uri, secret }: { uri: string; secret: string }) {
  return (
    <div className="flex flex-col items-center gap-3">
      <Suspense fallback={<div className="size-48 rounded-lg bg-sunken" />}>
        <QrCode text={uri} label="QR code for your authenticator app" />
      </Suspense>
      <p className="text-center text-xs text-muted">
        No camera? Type this key: <code className="font-mono break-all text-ink select-all">{secret.match(/.{1,4}/g)?.join(" ")}</code>
      </p>
    </div>
  );
}

/** Codes to keep for the day on which the phone is lost. */
export function RecoveryCodes({ codes, onKept }: { codes: readonly string[]; onKept: () => void }) {
  return (
    <div className="flex flex-col gap-4 text-sm">
      <p>Keep these recovery codes in a safe place. Each lets you in once if you lose your phone. They are shown only now.</p>
      <ul aria-label="Recovery codes" className="grid grid-cols-1 gap-1 rounded-xl bg-sunken p-4 font-mono sm:grid-cols-2">
        {codes.map((code) => (
          <li key={code}>{code}</li>
        ))}
      </ul>
      <div className="flex flex-wrap gap-2">
        <CopyButton text={codes.join("\n")} />
        <Button look="primary" onClick={onKept}>
          I have kept them
        </Button>
      </div>
    </div>
  );
}
