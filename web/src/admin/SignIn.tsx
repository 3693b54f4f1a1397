/** The page for signing in. */

import { lazy, Suspense, useEffect, useState, type ReactNode } from "react";

import type { Account } from "../account/account";
import { rememberedOrganization } from "../account/organization";
import { SignInForm } from "../account/SignInForm";
import { useStore } from "../chat/store";
import { Mark } from "../shop/Landscape";
import { Spinner } from "../ui/Spinner";

const ForgottenPassword = lazy(() => import("../account/ForgottenPassword"));

export function SignIn({ account }: { account: Account }) {
  const { phase } = useStore(account.store);
  const [forgotten, setForgotten] = useState(false);
  const organization = rememberedOrganization();
  const asking = phase === "signedOut" || phase === "signingIn";
  if (forgotten && asking) {
    return (
      <Entrance title="Forgotten password" about="We send you a link to a new one.">
        <Suspense fallback={<Spinner />}>
          <ForgottenPassword organization={organization} onBack={() => setForgotten(false)} />
        </Suspense>
      </Entrance>
    );
  }
  return (
    <Entrance
      title="Frontdesk"
      about="Sign in to manage your organization"
      below={
        asking && (
          <button type="button" className="min-h-6 rounded font-medium text-accent underline underline-offset-3" onClick={() => setForgotten(true)}>
            Forgotten your password?
          </button>
        )
      }
    >
      <SignInForm account={account} organization={organization} />
    </Entrance>
  );
}

/** The frame of the pages before someone is signed in. */
export function Entrance({ title, about, children, below }: { title: string; about: ReactNode; children: ReactNode; below?: ReactNode }) {
  useEffect(() => {
    document.title = title === "Frontdesk" ? "Sign in · Frontdesk" : `${title} · Frontdesk`;
  }, [title]);
  return (
    <main className="grid min-h-dvh place-items-center p-5">
      <div className="w-full max-w-sm">
        <div className="mb-6 flex items-center gap-3">
          <Mark className="size-11" />
          <div className="min-w-0">
            <h1 className="font-display text-2xl leading-tight font-semibold tracking-tight">{title}</h1>
            <p className="text-sm text-muted">{about}</p>
          </div>
        </div>
        <div className="rounded-2xl border border-line bg-surface p-6 shadow-card">{children}</div>
        {below && <div className="mt-5 text-center text-sm text-muted">{below}</div>}
      </div>
    </main>
  );
}
