/** Where one is signed in. */

import type { UserSession } from "@contracts/admin/v1/user_session_pb";
import { UserSessionService } from "@contracts/admin/v1/user_session_service_pb";

import { Ago } from "../../ui/Ago";
import { Badge } from "../../ui/Badge";
import { Button } from "../../ui/Button";
import { Card } from "../../ui/Card";
import { useConfirm } from "../../ui/Dialog";
import { useAction, usePages } from "../data/calls";
import { useSession } from "../data/session";
import { Loaded } from "../shell/states";
import { deviceOf } from "./device";

export function Sessions() {
  const { organization } = useSession();
  const sessions = usePages(UserSessionService.method.listUserSessions, { parent: `${organization}/users/me` }, (page) => page.userSessions);
  const endOthers = useAction(UserSessionService.method.endOtherSessions, { done: ({ ended }) => `Signed out on ${ended} other ${ended === 1 ? "device" : "devices"}` });
  const confirm = useConfirm();
  const others = async () => {
    const text = "You stay signed in here.";
    if (await confirm({ title: "Sign out everywhere else?", text, yes: "Sign out" })) await endOthers.run({});
  };
  return (
    <Card
      title="Where you're signed in"
      actions={
        (sessions.data?.length ?? 0) > 1 && (
          <Button busy={endOthers.busy} onClick={() => void others()}>
            Sign out everywhere else
          </Button>
        )
      }
    >
      <Loaded of={sessions}>
        {(rows) => (
          <>
            <ul aria-label="Sessions" className="divide-y divide-line">
              {rows.map((session) => (
                <Row key={session.name} session={session} />
              ))}
            </ul>
            {sessions.hasMore && (
              <Button busy={sessions.loadingMore} onClick={sessions.more} className="mt-3">
                Show more
              </Button>
            )}
          </>
        )}
      </Loaded>
    </Card>
  );
}

function Row({ session }: { session: UserSession }) {
  const end = useAction(UserSessionService.method.endUserSession, { done: "Signed out there" });
  const device = deviceOf(session.userAgent);
  const confirm = useConfirm();
  const signOut = async () => {
    const text = "What is being written there and isn't saved may be lost.";
    if (await confirm({ title: `Sign out ${device}?`, text, yes: "Sign out" })) await end.run({ name: session.name });
  };
  return (
    <li className="flex flex-wrap items-center gap-x-4 gap-y-1 py-2.5 text-sm">
      <div className="min-w-0 flex-1 basis-56">
        <p className="font-medium">
          <bdi>{device}</bdi> {session.current && <Badge look="good">This one</Badge>}
        </p>
        <p className="text-xs text-muted">
          {session.address}, last used <Ago at={session.lastUseTime} />
        </p>
      </div>
      {!session.current && (
        <Button look="quiet" busy={end.busy} aria-label={`Sign out ${device}`} onClick={() => void signOut()}>
          Sign out
        </Button>
      )}
    </li>
  );
}
