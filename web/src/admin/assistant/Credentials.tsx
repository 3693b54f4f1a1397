import type { Credential } from "@contracts/admin/v1/credential_pb";
import { CredentialService } from "@contracts/admin/v1/credential_service_pb";
import type { ModelChoice } from "@contracts/admin/v1/setting_pb";
import { useState } from "react";

import { Ago } from "../../ui/Ago";
import { Button } from "../../ui/Button";
import { Card } from "../../ui/Card";
import { Dialog, useConfirm } from "../../ui/Dialog";
import { TextField } from "../../ui/Field";
import { Menu } from "../../ui/Menu";
import { useAction, type Pages } from "../data/calls";
import { useMay } from "../data/session";
import { Loaded } from "../shell/states";
import { baseUrlProblem, labelOf } from "./providers";

/** The keys of models: replaced and deleted, never read. */
export function Credentials({ credentials, models }: { credentials: Pages<Credential>; models: readonly ModelChoice[] }) {
  const may = useMay("admin.credentials.read");
  if (!may) return null;
  return (
    <Card title="Keys" about="In force at once, without publishing. A key can be replaced, and never read.">
      <Loaded of={credentials} empty={<p className="text-sm text-muted">None yet. Add a model to enter its key.</p>}>
        {(rows) => (
          <ul className="flex flex-col divide-y divide-line">
            {rows.map((credential) => (
              <Row key={credential.name} credential={credential} users={models.filter((choice) => choice.credential === credential.name)} />
            ))}
          </ul>
        )}
      </Loaded>
    </Card>
  );
}

function Row({ credential, users }: { credential: Credential; users: readonly ModelChoice[] }) {
  const [mayUpdate, mayDelete] = [useMay("admin.credentials.update"), useMay("admin.credentials.delete")];
  const confirm = useConfirm();
  const [replacing, setReplacing] = useState(false);
  const remove = useAction(CredentialService.method.deleteCredential, { done: "Deleted" });
  const ask = async () => {
    const text = users.length > 0 ? `${users.map(({ model }) => model).join(", ")} can't be asked without it.` : "Published settings that name it can't use it any more.";
    if (await confirm({ title: `Delete the key of ${labelOf(credential)}?`, text, yes: "Delete", danger: true })) await remove.run({ name: credential.name, etag: credential.etag });
  };
  return (
    <li className="flex items-center gap-3 py-2 text-sm first:pt-0 last:pb-0">
      <div className="min-w-0 flex-1">
        <p className="truncate font-medium">{labelOf(credential)}</p>
        <p className="truncate text-xs text-muted">
          {credential.baseUrl} · entered <Ago at={credential.secretTime} />
        </p>
      </div>
      <Menu
        label={`Actions for ${labelOf(credential)}`}
        items={[
          { id: "replace", label: "Replace the key", icon: "key", hidden: !mayUpdate, run: () => setReplacing(true) },
          { id: "delete", label: "Delete", icon: "trash", danger: true, hidden: !mayDelete, run: () => void ask() },
        ]}
      />
      {replacing && <ReplaceDialog credential={credential} onClose={() => setReplacing(false)} />}
    </li>
  );
}

function ReplaceDialog({ credential, onClose }: { credential: Credential; onClose: () => void }) {
  const [key, setKey] = useState("");
  const [baseUrl, setBaseUrl] = useState(credential.baseUrl);
  const update = useAction(CredentialService.method.updateCredential, { quiet: true, done: "Replaced. It is used within a second." });
  const moved = baseUrl.trim() !== credential.baseUrl;
  const wrong = baseUrlProblem(baseUrl);
  const save = async () => {
    const request = {
      credential: { name: credential.name, etag: credential.etag, baseUrl: baseUrl.trim(), kind: { case: "apiKey", value: { key: key.trim() } } },
      updateMask: { paths: ["api_key.key", ...(moved ? ["base_url"] : [])] },
    } as const;
    if (await update.run({ ...request, updateMask: { paths: [...request.updateMask.paths] } })) onClose();
  };
  return (
    <Dialog
      title={`Replace the key of ${labelOf(credential)}`}
      open
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button look="primary" busy={update.busy} disabled={key.trim() === "" || wrong !== undefined} onClick={() => void save()}>
            Replace
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-4">
        <TextField label="New key" value={key} onChange={setKey} type="password" autoComplete="off" mono maxLength={4096} required autoFocus problem={update.failure?.sentence} />
        <TextField label="Base URL" value={baseUrl} onChange={setBaseUrl} inputMode="url" mono problem={wrong} help="The only place that the key is sent to." />
      </div>
    </Dialog>
  );
}
