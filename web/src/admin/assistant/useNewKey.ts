import { CredentialUser, type Credential } from "@contracts/admin/v1/credential_pb";
import { CredentialService } from "@contracts/admin/v1/credential_service_pb";
import { useRef } from "react";

import { newId, useAction, useRefresh } from "../data/calls";
import { idOf, useSession } from "../data/session";
import { credentialId, hostOf, NO_KEY } from "./providers";

/** Ids that were tried on this page: services may still hold the key of a deleted credential for a moment, so each try has an id of its own. */
const tried = new Set<string>();

interface Typed {
  address: string;
  key: string;
}

interface NewKey {
  /** Stores the key as it is typed; a key that this dialog stored before goes first. Undefined: it failed. */
  save: (typed: Typed) => Promise<Credential | undefined>;
  /** Deletes what was stored. False: it failed. */
  drop: () => Promise<boolean>;
  /** Leaves what was stored where it is, for the whole page to see. */
  keep: () => void;
  busy: boolean;
  /** Why it couldn't be stored, or deleted again. */
  problem: string | undefined;
}

/** A new key while it is tried: it has to be stored for a test, and is not to stay unless a model uses it. At most one is stored at a time. */
export function useNewKey(credentials: readonly Credential[]): NewKey {
  const { organization } = useSession();
  const create = useAction(CredentialService.method.createCredential, { quiet: true, refresh: [] });
  const remove = useAction(CredentialService.method.deleteCredential, { quiet: true, refresh: [] });
  const refresh = useRefresh();
  const attempt = useRef<Typed & { requestId: string; id: string; stored?: Credential }>(undefined);

  const keep = () => {
    attempt.current = undefined;
    refresh(CredentialService.method.listCredentials);
  };
  const drop = async () => {
    const stored = attempt.current?.stored;
    if (stored && !(await remove.run({ name: stored.name }))) return false;
    attempt.current = undefined;
    return true;
  };
  const save = async ({ address, key }: Typed) => {
    if (attempt.current?.address !== address || attempt.current.key !== key) {
      if (!(await drop())) return undefined;
      const id = credentialId(address, [...credentials.map(({ name }) => idOf(name)), ...tried]);
      tried.add(id);
      attempt.current = { address, key, id, requestId: newId() };
    }
    const { id, requestId, stored } = attempt.current;
    if (stored) return stored;
    const made = await create.run({
      parent: organization,
      requestId,
      credentialId: id,
      credential: { displayName: hostOf(address), user: CredentialUser.CORE, baseUrl: address, kind: { case: "apiKey", value: { key: key || NO_KEY } } },
    });
    if (made) attempt.current = { address, key, id, requestId, stored: made };
    return made;
  };
  return { save, drop, keep, busy: create.busy || remove.busy, problem: create.failure?.sentence ?? remove.failure?.sentence };
}
