/** The keys by which programs sign in. */

import { timestampMs, type Timestamp } from "@bufbuild/protobuf/wkt";
import type { ApiKey } from "@contracts/admin/v1/api_key_pb";
import { ApiKeyService } from "@contracts/admin/v1/api_key_service_pb";
import { useState } from "react";

import { Ago } from "../../ui/Ago";
import { Badge } from "../../ui/Badge";
import { Button } from "../../ui/Button";
import { DataTable, type More } from "../../ui/DataTable";
import { useConfirm } from "../../ui/Dialog";
import { Menu } from "../../ui/Menu";
import { useAction, usePages } from "../data/calls";
import { useMay, useSession } from "../data/session";
import { Page } from "../shell/Page";
import { Empty, Loaded } from "../shell/states";
import { NewKey, RotateKey, Secret } from "./NewKey";
import { useNameOf } from "./names";
import { useTeamTabs } from "./tabs";

export function Component() {
  const { organization } = useSession();
  const keys = usePages(ApiKeyService.method.listApiKeys, { parent: organization }, (page) => page.apiKeys);
  const mayCreate = useMay("admin.apiKeys.create");
  const [making, setMaking] = useState(false);
  const [secret, setSecret] = useState<string>();
  const add = mayCreate && (
    <Button look="primary" icon="plus" onClick={() => setMaking(true)}>
      New key
    </Button>
  );
  return (
    <Page title="API keys" about="A program exchanges its key for access tokens. A key can never do more than the person who made it." tabs={useTeamTabs()} actions={add}>
      <Loaded of={keys} empty={<Empty icon="key" title="No keys yet" action={add}>Make one for a program that uses the API.</Empty>}>
        {(rows) => <Keys rows={rows} more={keys} show={setSecret} />}
      </Loaded>
      {making && <NewKey onClose={() => setMaking(false)} onMade={setSecret} />}
      {secret !== undefined && <Secret secret={secret} onClose={() => setSecret(undefined)} />}
    </Page>
  );
}

interface KeysProps {
  rows: readonly ApiKey[];
  more: More;
  /** Shows a new secret. */
  show: (secret: string) => void;
}

function Keys({ rows, more, show }: KeysProps) {
  const nameOf = useNameOf();
  return (
    <DataTable
      label="API keys"
      rows={rows}
      id={(key) => key.name}
      more={more}
      columns={[
        {
          id: "name",
          head: "Name",
          cell: (key) => (
            <>
              <span className="font-medium">{key.displayName}</span>
              <span className="block truncate text-xs text-muted">
                <code className="font-mono">{key.hint}…</code>, {key.scopes.length} {key.scopes.length === 1 ? "scope" : "scopes"}, made by {nameOf(key.creator)}
              </span>
            </>
          ),
        },
        { id: "state", head: "State", width: "5.5rem", cell: (key) => <KeyState apiKey={key} /> },
        { id: "use", head: "Last use", width: "8rem", from: "sm", cell: (key) => <Ago at={key.lastUseTime} /> },
        { id: "expiry", head: "Expires", width: "8rem", from: "md", cell: (key) => <Ago at={key.expireTime} /> },
        { id: "actions", head: "Actions", quiet: true, width: "2.5rem", end: true, cell: (key) => <KeyMenu apiKey={key} onRotated={show} /> },
      ]}
    />
  );
}

function isOver(time: Timestamp | undefined): boolean {
  return time !== undefined && timestampMs(time) <= Date.now();
}

function KeyState({ apiKey }: { apiKey: ApiKey }) {
  if (apiKey.revokeTime) return <Badge look="bad">Revoked</Badge>;
  if (isOver(apiKey.expireTime)) return <Badge look="warn">Expired</Badge>;
  return <Badge look="good">Active</Badge>;
}

function KeyMenu({ apiKey, onRotated }: { apiKey: ApiKey; onRotated: (secret: string) => void }) {
  const may = { revoke: useMay("admin.apiKeys.revoke"), rotate: useMay("admin.apiKeys.rotate") };
  const revoke = useAction(ApiKeyService.method.revokeApiKey, { done: `Key ${apiKey.displayName} revoked` });
  const [rotating, setRotating] = useState(false);
  const confirm = useConfirm();
  const end = async () => {
    const text = "Programs that use it can't sign in any more. This can't be undone.";
    if (await confirm({ title: `Revoke the key ${apiKey.displayName}?`, text, yes: "Revoke", danger: true })) await revoke.run({ name: apiKey.name });
  };
  const ended = apiKey.revokeTime !== undefined || isOver(apiKey.expireTime);
  return (
    <>
      <Menu
        label={`Actions for ${apiKey.displayName}`}
        items={[
          { id: "rotate", label: "Rotate", icon: "retry", hidden: !may.rotate || ended, run: () => setRotating(true) },
          { id: "revoke", label: "Revoke", icon: "trash", danger: true, hidden: !may.revoke || ended, run: () => void end() },
        ]}
      />
      {rotating && <RotateKey apiKey={apiKey} onClose={() => setRotating(false)} onRotated={onRotated} />}
    </>
  );
}
