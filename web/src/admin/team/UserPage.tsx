/** One user: name, address, roles, and what can be done to them. */

import { UserState, type User } from "@contracts/admin/v1/user_pb";
import { UserSessionService } from "@contracts/admin/v1/user_session_service_pb";
import { SecondFactorService } from "@contracts/admin/v1/second_factor_service_pb";
import { UserService } from "@contracts/admin/v1/user_service_pb";
import { useState } from "react";
import { useNavigate, useParams } from "react-router";

import { Ago } from "../../ui/Ago";
import { Button } from "../../ui/Button";
import { Card, Facts } from "../../ui/Card";
import { useConfirm } from "../../ui/Dialog";
import { TextField } from "../../ui/Field";
import { useToast } from "../../ui/Toast";
import { useAction, useCall } from "../data/calls";
import { useEdit } from "../data/edit";
import { useMay, useSession } from "../data/session";
import { Page } from "../shell/Page";
import { Loaded } from "../shell/states";
import { EditBar } from "../shell/unsaved";
import { LinkMade } from "./Invite";
import { RolePicker } from "./RolePicker";
import { StateBadge } from "./Team";

export function Component() {
  const { organization } = useSession();
  const name = `${organization}/users/${useParams().user}`;
  const loaded = useCall(UserService.method.getUser, { name });
  return (
    <Page title={loaded.data?.displayName ?? "User"} back={{ to: "/team", label: "Team" }}>
      <Loaded of={loaded}>{(user) => <Details key={user.name} user={user} reread={loaded.retry} />}</Loaded>
    </Page>
  );
}

function Details({ user, reread }: { user: User; reread: () => void }) {
  return (
    <div className="flex flex-col gap-4">
      <Card title="Person">
        <Person user={user} reread={reread} />
      </Card>
      <Card title="Access" about="What the roles allow takes effect within two seconds.">
        <Access user={user} reread={reread} />
      </Card>
      <Recovery user={user} />
      <State user={user} />
    </div>
  );
}

function Person({ user, reread }: { user: User; reread: () => void }) {
  const mayUpdate = useMay("admin.users.update");
  const update = useAction(UserService.method.updateUser, { quiet: true, done: "Saved" });
  const form = useEdit(
    { displayName: user.displayName, email: user.email },
    {
      etag: user.etag,
      action: update,
      reread,
      request: (value, etag) => ({ user: { name: user.name, ...value, etag }, updateMask: { paths: ["display_name", "email"] } }),
    },
  );
  return (
    <>
      <div className="grid gap-4 sm:grid-cols-2">
        <TextField label="Name" value={form.value.displayName} onChange={(displayName) => form.set({ displayName })} maxLength={100} required disabled={!mayUpdate} autoComplete="off" />
        <TextField label="E-mail" type="email" value={form.value.email} onChange={(email) => form.set({ email })} maxLength={254} required disabled={!mayUpdate} autoComplete="off" />
      </div>
      <EditBar form={form} />
    </>
  );
}

function Access({ user, reread }: { user: User; reread: () => void }) {
  const mayAssign = useMay("admin.users.assign");
  const assign = useAction(UserService.method.assignRoles, { quiet: true, done: "Roles saved" });
  const form = useEdit(
    { roles: [...user.roles].sort() },
    { etag: user.etag, action: assign, reread, request: ({ roles }, etag) => ({ name: user.name, roles, etag }) },
  );
  return (
    <>
      <RolePicker value={form.value.roles} onChange={(roles) => form.set({ roles: [...roles].sort() })} disabled={!mayAssign} />
      <EditBar form={form} save="Save roles" />
    </>
  );
}

/** For someone who can't sign in, or whose device was lost. */
function Recovery({ user }: { user: User }) {
  const { user: self } = useSession();
  const confirm = useConfirm();
  const [link, setLink] = useState<{ link: string; mailed: boolean }>();
  const reset = useAction(UserService.method.createPasswordResetLink);
  const removeFactor = useAction(SecondFactorService.method.removeSecondFactor, { done: "Second factor removed", refresh: [UserService.method.getUser, UserService.method.listUsers] });
  const signOut = useAction(UserSessionService.method.endAllSessions, { done: `${user.displayName} was signed out everywhere` });
  const may = { reset: useMay("admin.users.setPassword"), removeFactor: useMay("admin.users.removeSecondFactor"), signOut: useMay("admin.users.endSessions") };
  if (user.name === self.name || !(may.reset || may.removeFactor || may.signOut)) return null;

  const makeLink = async () => setLink(await reset.run({ name: user.name }));
  const dropFactor = async () => {
    const text = "Their password alone signs them in until they set up another. Do this only if you know that it is them who asks.";
    if (await confirm({ title: `Remove the second factor of ${user.displayName}?`, text, yes: "Remove", danger: true })) await removeFactor.run({ name: user.name });
  };
  const endSessions = async () => {
    const text = "They can sign in again.";
    if (await confirm({ title: `Sign ${user.displayName} out everywhere?`, text, yes: "Sign out" })) await signOut.run({ name: user.name });
  };
  return (
    <Card
      title="Sign-in"
      about={user.secondFactor ? "With a password and a second factor." : "With a password alone."}
      actions={
        <>
          {may.reset && (
            <Button icon="link" busy={reset.busy} onClick={() => void makeLink()}>
              Link to a new password
            </Button>
          )}
          {may.removeFactor && user.secondFactor && (
            <Button busy={removeFactor.busy} onClick={() => void dropFactor()}>
              Remove second factor
            </Button>
          )}
          {may.signOut && (
            <Button busy={signOut.busy} onClick={() => void endSessions()}>
              Sign out everywhere
            </Button>
          )}
        </>
      }
    >
      {link && <LinkMade title="Link to a new password" link={link.link} mailed={link.mailed} life="an hour" onClose={() => setLink(undefined)} />}
    </Card>
  );
}

function State({ user }: { user: User }) {
  const { user: self } = useSession();
  const confirm = useConfirm();
  const toast = useToast();
  const navigate = useNavigate();
  const activate = useAction(UserService.method.activateUser, { done: `${user.displayName} can sign in again` });
  const deactivate = useAction(UserService.method.deactivateUser);
  const remove = useAction(UserService.method.deleteUser, { done: "User deleted", refresh: [UserService.method.listUsers] });
  const may = { deactivate: useMay("admin.users.deactivate"), activate: useMay("admin.users.activate"), remove: useMay("admin.users.delete") };
  const active = user.state !== UserState.DEACTIVATED;

  const end = async () => {
    const done = await deactivate.run({ name: user.name });
    if (done) toast(`${user.displayName} was signed out everywhere`, { action: { label: "Undo", run: () => void activate.run({ name: user.name }) } });
  };
  const erase = async () => {
    const text = "Their sessions, password and API keys are deleted for good. Their messages to customers stay.";
    if (!(await confirm({ title: `Delete ${user.displayName}?`, text, yes: "Delete", danger: true, typed: user.email }))) return;
    if (await remove.run({ name: user.name, etag: user.etag })) void navigate("/team");
  };
  return (
    <Card
      title="State"
      actions={
        user.name !== self.name && (
          <>
            {active && may.deactivate && (
              <Button busy={deactivate.busy} onClick={() => void end()}>
                Deactivate
              </Button>
            )}
            {!active && may.activate && (
              <Button busy={activate.busy} onClick={() => void activate.run({ name: user.name })}>
                Activate
              </Button>
            )}
            {may.remove && (
              <Button look="danger" busy={remove.busy} onClick={() => void erase()}>
                Delete
              </Button>
            )}
          </>
        )
      }
    >
      <Facts
        rows={[
          ["State", <StateBadge key="state" user={user} />],
          ["Last sign-in", <Ago key="login" at={user.loginTime} />],
          ["Member since", <Ago key="create" at={user.createTime} />],
        ]}
      />
    </Card>
  );
}
