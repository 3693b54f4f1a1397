import type { Account } from "../account/account";
import { SignInForm } from "../account/SignInForm";
import { Mark } from "../shop/Landscape";

export function SignIn({ account, organization }: { account: Account; organization: string }) {
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
        <div className="rounded-3xl border border-line bg-surface p-6 shadow-card">
          <SignInForm account={account} organization={organization} />
        </div>
        <p className="mt-5 text-center text-sm text-muted">
          <a href="/" className="rounded font-medium text-accent underline underline-offset-3">
            Back to the shop
          </a>
        </p>
      </div>
    </main>
  );
}
