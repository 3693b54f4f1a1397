import { CredentialUser, type Credential } from "@contracts/admin/v1/credential_pb";
import { CredentialService } from "@contracts/admin/v1/credential_service_pb";
import { useState } from "react";

import type { Failure } from "../../api/errors";
import { Button } from "../../ui/Button";
import { Dialog } from "../../ui/Dialog";
import { TextField } from "../../ui/Field";
import { credentialId } from "../assistant/providers";
import { useAction, useRequestId } from "../data/calls";
import { idOf, useSession } from "../data/session";
import { serverUrl, type MailServer } from "./mailServer";

interface Props {
  server: MailServer;
  /** The credential that gets another user and password; undefined: a new one is made. */
  replaced: Credential | undefined;
  known: readonly Credential[];
  /** With the credential's name. */
  onDone: (credential: string) => void;
  onClose: () => void;
}

/** Takes user and password for a mail server. They are stored at once, and sent to this server alone. */
export function PasswordDialog({ server, replaced, known, onDone, onClose }: Props) {
  const { organization } = useSession();
  const { requestId } = useRequestId();
  const [user, setUser] = useState(replaced?.kind.case === "password" ? replaced.kind.value.user : "");
  const [password, setPassword] = useState("");
  const create = useAction(CredentialService.method.createCredential, { quiet: true, done: "Stored. Save and publish the mail server to use it." });
  const update = useAction(CredentialService.method.updateCredential, { quiet: true, done: "Replaced. It is used within a second." });
  const baseUrl = serverUrl(server);
  const kind = { case: "password" as const, value: { user: user.trim(), password } };
  const store = () =>
    replaced
      ? update.run({ credential: { name: replaced.name, etag: replaced.etag, kind }, updateMask: { paths: ["password.user", "password.password"] } })
      : create.run({
          parent: organization,
          requestId,
          credentialId: credentialId(baseUrl, known.map(({ name }) => idOf(name))),
          credential: { displayName: server.host.slice(0, 100), user: CredentialUser.CHANNEL, baseUrl, kind },
        });
  const save = async () => {
    const stored = await store();
    if (!stored) return;
    onDone(stored.name);
    onClose();
  };
  return (
    <Dialog
      title={replaced ? "Replace the password" : "User and password"}
      open
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button look="primary" busy={create.busy || update.busy} disabled={user.trim() === "" || password === ""} onClick={() => void save()}>
            {replaced ? "Replace" : "Store"}
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-4">
        <p>
          They are sent to <code className="font-mono break-all">{baseUrl}</code> and nowhere else.
        </p>
        <TextField label="User" value={user} onChange={setUser} autoComplete="off" maxLength={254} required autoFocus help="Often the whole e-mail address." />
        <TextField label="Password" value={password} onChange={setPassword} type="password" autoComplete="off" maxLength={1024} required problem={sentenceOf(create.failure ?? update.failure)} help="Some providers want an app password instead." />
      </div>
    </Dialog>
  );
}

function sentenceOf(failure: Failure | undefined): string | undefined {
  if (failure?.reason !== "URL_NOT_ALLOWED") return failure?.sentence;
  return "This mail server's name isn't known, or it's in a network that your operator hasn't allowed.";
}
