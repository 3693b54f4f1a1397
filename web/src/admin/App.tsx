/** The admin app: a one-time link's page, or the form for signing in, or the pages. */

import type { User } from "@contracts/admin/v1/user_pb";
import { lazy, Suspense, useEffect, useState } from "react";

import type { Account } from "../account/account";
import { useStore } from "../chat/store";
import { Spinner } from "../ui/Spinner";
import type { OneTimeLink } from "./setup/link";
import { SignIn } from "./SignIn";

const pages = () => import("./shell/SignedIn");
const SignedIn = lazy(pages);
const LinkPage = lazy(() => import("./setup/LinkPage"));

export function App({ account, link: given }: { account: Account; link: OneTimeLink | undefined }) {
  const [link, setLink] = useState(given);
  const { phase, user, left } = useStore(account.store);
  useEffect(() => {
    // The code of the shell and of the page comes while the session is resumed, or while someone types a password.
    if (!given) void pages().then(({ prepareRouter }) => prepareRouter(), () => undefined);
  }, [given]);
  const [shown, setShown] = useState<User>();
  useEffect(() => {
    if (phase !== "signedIn" || !user) return;
    // Someone else's pages and what was cached for them must not stay.
    if (shown && shown.name !== user.name) window.location.assign("/admin/");
    else setShown(user);
  }, [phase, user, shown]);
  useEffect(() => {
    if (!left) return;
    setShown(undefined);
    setLink(undefined); // it let this user in
  }, [left]);

  if (shown) {
    return (
      <Suspense fallback={<Waiting />}>
        <SignedIn account={account} user={shown} />
      </Suspense>
    );
  }
  if (phase === "restoring" || phase === "signedIn") return <Waiting />;
  // A second factor, or its recovery codes, may follow an accepted invitation: the form for signing in asks for them.
  if (link && phase === "signedOut") {
    return (
      <Suspense fallback={<Waiting />}>
        <LinkPage account={account} link={link} leave={() => setLink(undefined)} />
      </Suspense>
    );
  }
  return <SignIn account={account} />;
}

function Waiting() {
  return (
    <div role="status" aria-label="Loading" className="grid min-h-dvh place-items-center text-muted">
      <Spinner className="size-7" />
    </div>
  );
}
