/** Makes a key, and shows its secret, once. */

import { timestampFromMs } from "@bufbuild/protobuf/wkt";
import type { ApiKey } from "@contracts/admin/v1/api_key_pb";
import { ApiKeyService } from "@contracts/admin/v1/api_key_service_pb";
import { useState } from "react";

import { Button } from "../../ui/Button";
import { CodeBlock } from "../../ui/Copy";
import { Dialog } from "../../ui/Dialog";
import { TextField } from "../../ui/Field";
import { Select } from "../../ui/Select";
import { useAction, useRequestId } from "../data/calls";
import { useSession } from "../data/session";
import { Problem } from "../shell/states";
import { PermissionMatrix } from "./PermissionMatrix";

const DAY_MS = 86_400_000;
const LIVES = [
  { id: "7", label: "7 days" },
  { id: "30", label: "30 days" },
  { id: "90", label: "90 days" },
  { id: "365", label: "A year" },
];

export function NewKey({ onClose, onMade }: { onClose: () => void; onMade: (secret: string) => void }) {
  const { organization } = useSession();
  const { requestId } = useRequestId();
  const [displayName, setDisplayName] = useState("");
  const [days, setDays] = useState("90");
  const [scopes, setScopes] = useState<readonly string[]>([]);
  const create = useAction(ApiKeyService.method.createApiKey, { quiet: true });
  const submit = async () => {
    const expireTime = timestampFromMs(Date.now() + Number(days) * DAY_MS);
    const made = await create.run({ parent: organization, apiKey: { displayName: displayName.trim(), scopes: [...scopes], expireTime }, requestId });
    if (!made) return;
    onClose();
    onMade(made.secret);
  };
  return (
    <Dialog
      title="New API key"
      open
      wide
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button look="primary" busy={create.busy} disabled={!displayName.trim() || scopes.length === 0} onClick={() => void submit()}>
            Make key
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-4">
        <TextField label="Its purpose" value={displayName} onChange={setDisplayName} maxLength={100} required autoFocus autoComplete="off" />
        <Select label="Good for" value={days} onChange={setDays} options={LIVES} className="max-w-48" />
        <div>
          <h3 className="mb-2 text-sm font-medium">Its permissions</h3>
          <PermissionMatrix value={scopes} onChange={setScopes} />
        </div>
        {create.failure && <Problem failure={create.failure} small />}
      </div>
    </Dialog>
  );
}

const OVERLAPS = [
  { id: "0", label: "Not at all: it leaked" },
  { id: "3600", label: "For an hour" },
  { id: "86400", label: "For a day" },
  { id: "604800", label: "For 7 days" },
];

/** Replaces the secret of a key; the old one stays good for a while, so that programs can be changed over. */
export function RotateKey({ apiKey, onClose, onRotated }: { apiKey: ApiKey; onClose: () => void; onRotated: (secret: string) => void }) {
  const [seconds, setSeconds] = useState("86400");
  const rotate = useAction(ApiKeyService.method.rotateApiKey, { quiet: true });
  const submit = async () => {
    const rotated = await rotate.run({ name: apiKey.name, overlap: { seconds: BigInt(seconds) } });
    if (!rotated) return;
    onClose();
    onRotated(rotated.secret);
  };
  return (
    <Dialog
      title={`Rotate the key ${apiKey.displayName}`}
      open
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button look="primary" busy={rotate.busy} onClick={() => void submit()}>
            Make a new secret
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-4">
        <p>You get a new secret for the same key. Name, permissions and expiry stay.</p>
        <Select label="The present secret stays good" value={seconds} onChange={setSeconds} options={OVERLAPS} />
        {rotate.failure && <Problem failure={rotate.failure} small />}
      </div>
    </Dialog>
  );
}

/** The only sight of a key. */
export function Secret({ secret, onClose }: { secret: string; onClose: () => void }) {
  return (
    <Dialog
      title="Copy the key now"
      open
      firm
      onClose={onClose}
      footer={
        <Button look="primary" onClick={onClose}>
          I have it
        </Button>
      }
    >
      <p className="mb-3">It is shown this once. Store it where the program finds it, such as a secret store.</p>
      {secret ? <CodeBlock label="API key" code={secret} /> : <p>The answer was lost on the way, and with it the key. Revoke this one and make another.</p>}
    </Dialog>
  );
}
