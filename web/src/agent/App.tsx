/** The agents' page: a form for signing in, then the desk. */

import { useEffect, useState } from "react";

import { useStore } from "../chat/store";
import { Spinner } from "../ui/Spinner";
import type { Account } from "../account/account";
import { Desk } from "./desk";
import { DeskPage } from "./DeskPage";
import { SignIn } from "./SignIn";

export function App({ account, organization }: { account: Account; organization: string }) {
  const { phase, user, fresh } = useStore(account.store);
  if (phase === "restoring") {
    return (
      <div role="status" aria-label="Signing in" className="grid min-h-dvh place-items-center text-muted">
        <Spinner className="size-7" />
      </div>
    );
  }
  if (phase !== "signedIn" || !user) return <SignIn account={account} organization={organization} />;
  return <SignedIn key={user.name} account={account} fresh={fresh} user={user.name} />;
}

interface Props {
  account: Account;
  /** `organizations/{organization}/users/{user}`. */
  user: string;
  /** Signed in by the form, not by a reload. */
  fresh: boolean;
}

function SignedIn({ account, user, fresh }: Props) {
  const [desk, setDesk] = useState<Desk>();
  useEffect(() => {
    const made = new Desk(account.transport, user, (why) => account.ended(why));
    made.start();
    if (fresh) void made.arrive();
    setDesk(made);
    return () => made.stop();
  }, [account, user, fresh]);
  return desk ? <DeskPage account={account} desk={desk} fresh={fresh} /> : null;
}
