/** All pages of someone who is signed in, and the form above them if the session ends: nothing on the page is lost. */

import type { User } from "@contracts/admin/v1/user_pb";
import { notifyManager, QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { useMemo, useState } from "react";
import { RouterProvider } from "react-router/dom";

import type { Account } from "../../account/account";
import { SignInForm } from "../../account/SignInForm";
import { isTransient, type Failure } from "../../api/errors";
import { useStore } from "../../chat/store";
import { Button } from "../../ui/Button";
import { ConfirmProvider, Dialog } from "../../ui/Dialog";
import { ToastProvider } from "../../ui/Toast";
import { idOf, organizationOf, SessionProvider, type Session } from "../data/session";
import { makeRouter } from "./router";

const FRESH_MS = 15_000;
const RETRIES = 2;

export default function SignedIn({ account, user }: { account: Account; user: User }) {
  const { phase, permissions: held } = useStore(account.store);
  const [client] = useState(makeClient);
  const [router] = useState(prepareRouter);
  const known = useLatest(held, phase === "signedIn");
  const session = useMemo<Session>(
    () => ({ account, user, organization: organizationOf(user.name), permissions: known, transport: account.transport }),
    [account, user, known],
  );
  return (
    <SessionProvider value={session}>
      <QueryClientProvider client={client}>
        <ToastProvider>
          <ConfirmProvider>
            <RouterProvider router={router} />
            {phase !== "signedIn" && <SessionEnded account={account} user={user} />}
          </ConfirmProvider>
        </ToastProvider>
      </QueryClientProvider>
    </SessionProvider>
  );
}

let prepared: ReturnType<typeof makeRouter> | undefined;

/** The router of this tab, which begins to load the page of the address when it is first asked for. */
export function prepareRouter(): ReturnType<typeof makeRouter> {
  prepared ??= makeRouter();
  return prepared;
}

/** Brings fetched data to the page before the action that waited for it continues. By default it comes in a later task. */
notifyManager.setScheduler(queueMicrotask);

function makeClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        staleTime: FRESH_MS,
        retry: (count, why) => count < RETRIES && isTransient(why as unknown as Failure),
        retryDelay: (count) => 500 * 2 ** count,
      },
    },
  });
}

/** The value while `valid`, and the last one while not: without a session there are no permissions, but its pages stay. */
function useLatest<T>(value: T, valid: boolean): T {
  const [latest, setLatest] = useState(value);
  if (valid && latest !== value) setLatest(value);
  return valid ? value : latest;
}

function SessionEnded({ account, user }: { account: Account; user: User }) {
  return (
    <Dialog
      title="Sign in to continue"
      open
      firm
      onClose={() => undefined}
      footer={
        <Button look="quiet" onClick={() => window.location.assign("/admin/")}>
          Sign in as someone else
        </Button>
      }
    >
      <p className="mb-4 text-muted">Your session has ended. Your entries on this page are kept.</p>
      <SignInForm account={account} organization={idOf(organizationOf(user.name))} email={user.email} fixed />
    </Dialog>
  );
}
