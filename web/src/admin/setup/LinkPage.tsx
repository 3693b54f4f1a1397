/** The page of a one-time link: it checks the link first, then shows what the link is for. */

import { createClient } from "@connectrpc/connect";
import { LinkKind, LinkService, type CheckLinkResponse } from "@contracts/admin/v1/link_service_pb";
import { useEffect, useState, type ReactNode } from "react";

import type { Account } from "../../account/account";
import { failure, type Failure } from "../../api/errors";
import { openTransport, unary } from "../../api/transport";
import { Button } from "../../ui/Button";
import { Spinner } from "../../ui/Spinner";
import { Entrance } from "../SignIn";
import { Problem } from "../shell/states";
import { AcceptInvitation } from "./AcceptInvitation";
import { FirstRun } from "./FirstRun";
import type { OneTimeLink } from "./link";
import { NewPassword } from "./NewPassword";

export const links = () => createClient(LinkService, openTransport());

export interface LinkProps {
  account: Account;
  token: string;
  about: CheckLinkResponse;
}

export default function LinkPage({ account, link, leave }: { account: Account; link: OneTimeLink; leave: () => void }) {
  const [about, setAbout] = useState<CheckLinkResponse>();
  const [refused, setRefused] = useState<Failure>();
  const [attempt, setAttempt] = useState(0);
  useEffect(() => {
    let current = true;
    setRefused(undefined);
    links()
      .checkLink({ token: link.token }, unary)
      .then(
        (checked) => current && setAbout(checked),
        (error: unknown) => current && setRefused(failure(error)),
      );
    return () => {
      current = false;
    };
  }, [link.token, attempt]);

  if (refused) {
    return (
      <Entrance title="This link doesn't work" about="It may be old, or used already.">
        <Problem failure={refused} small retry={refused.reason ? undefined : () => setAttempt(attempt + 1)} />
        <Button look="primary" className="mt-4 w-full" onClick={leave}>
          Go to sign-in
        </Button>
      </Entrance>
    );
  }
  if (!about) {
    return (
      <div role="status" aria-label="Checking the link" className="grid min-h-dvh place-items-center text-muted">
        <Spinner className="size-7" />
      </div>
    );
  }
  return pageOf({ account, token: link.token, about }, leave);
}

function pageOf(props: LinkProps, leave: () => void): ReactNode {
  switch (props.about.kind) {
    case LinkKind.SETUP:
      return <FirstRun {...props} />;
    case LinkKind.INVITATION:
      return <AcceptInvitation {...props} />;
    default:
      return <NewPassword {...props} leave={leave} />;
  }
}
