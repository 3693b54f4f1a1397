import type { Credential } from "@contracts/admin/v1/credential_pb";
import { useRef, useState } from "react";

import { Button } from "../../ui/Button";
import { Dialog, useConfirm } from "../../ui/Dialog";
import { NumberField, TextField } from "../../ui/Field";
import { Radios, Select } from "../../ui/Select";
import { useMay } from "../data/session";
import { baseUrlProblem, hostOf, labelOf, providerOf, PROVIDERS } from "./providers";
import { useModelTest } from "./useModelTest";
import { useNewKey } from "./useNewKey";

export interface Chosen {
  model: string;
  credential: string;
  temperature?: number;
}

interface Props {
  credentials: readonly Credential[];
  onAdd: (choice: Chosen) => void;
  onClose: () => void;
}

const NEW_KEY = "new";

/** Chooses a provider, a key and a model. A new key is stored for a test, stays if a model uses it, and can't be read again. */
export function ModelDialog({ credentials, onAdd, onClose }: Props) {
  const [mayTest, mayCreate] = [useMay("core.replies.preview"), useMay("admin.credentials.create")];
  const [chosenProvider, setProvider] = useState("openai");
  const provider = providerOf(chosenProvider);
  const [baseUrl, setBaseUrl] = useState("");
  const [key, setKey] = useState("");
  const [model, setModel] = useState("");
  const [temperature, setTemperature] = useState<number>();
  const address = baseUrl.trim() || provider.baseUrl;
  const fitting = credentials.filter((each) => provider.id !== "openai" || hostOf(each.baseUrl) === hostOf(provider.baseUrl));
  const [picked, setPicked] = useState<string>();
  const keyId = picked ?? (fitting[0]?.name || NEW_KEY);
  const withKey = provider.id !== "installation";
  const known = withKey ? fitting.find(({ name }) => name === keyId) : undefined;
  const isNew = withKey && !known;
  const fresh = useNewKey(credentials);
  const test = useModelTest();
  const confirm = useConfirm();
  const name = model.trim();
  /** The choice that a test is of: another one is untested. */
  const choice = JSON.stringify([chosenProvider, known?.name ?? "", isNew && address, isNew && key.trim(), name, temperature]);
  const [tested, setTested] = useState<{ choice: string; works?: boolean }>();
  const closed = useRef(false);

  /** The credential to use, stored now if it is new; undefined: it couldn't be stored. */
  const credential = async (): Promise<{ name: string; revision: bigint } | undefined> =>
    isNew ? fresh.save({ address, key: key.trim() }) : (known ?? { name: "", revision: 0n });
  const tryIt = async () => {
    test.clear();
    setTested({ choice });
    const used = await credential();
    if (!used) return;
    const works = await test.run(name, used.name, used.revision, temperature);
    setTested({ choice, works });
    if (isNew && (!works || closed.current) && !(await fresh.drop())) fresh.keep(); // it stays: the list of keys shows it
  };
  const close = () => {
    closed.current = true;
    void fresh.drop().then((gone) => gone || fresh.keep());
    onClose();
  };
  const finish = async () => {
    const failed = tested?.choice === choice && tested.works === false;
    if (failed && !(await confirm({ title: "Add a model that failed its test?", text: "Customers get no answers from it until it works.", yes: "Add it anyway" }))) return;
    const used = await credential();
    if (!used) return;
    if (isNew) fresh.keep();
    else await fresh.drop();
    onAdd({ model: name, credential: used.name, ...(temperature !== undefined && { temperature }) });
    onClose();
  };
  const wrong = isNew ? baseUrlProblem(address) : undefined;
  const ready = name !== "" && wrong === undefined && (!isNew || (address !== "" && mayCreate && (key.trim() !== "" || provider.keyless === true)));
  const busy = test.busy || fresh.busy;
  return (
    <Dialog
      title="Add a model"
      open
      onClose={close}
      footer={
        <>
          {mayTest && (
            <Button disabled={!ready} busy={busy} onClick={() => void tryIt()}>
              Test
            </Button>
          )}
          <Button look="primary" disabled={!ready} busy={busy} onClick={() => void finish()}>
            Add model
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-4">
        <Radios
          label="Provider"
          value={chosenProvider}
          onChange={(id) => {
            setProvider(id);
            setPicked(undefined);
          }}
          options={PROVIDERS}
        />
        {withKey && fitting.length > 0 && (
          <Select
            label="Key"
            value={isNew ? NEW_KEY : keyId}
            onChange={setPicked}
            options={[...fitting.map((each) => ({ id: each.name, label: labelOf(each), help: each.baseUrl })), { id: NEW_KEY, label: "Enter a new key" }]}
          />
        )}
        {isNew && (
          <>
            {provider.id !== "openai" && (
              <TextField
                label="Base URL"
                value={baseUrl}
                onChange={setBaseUrl}
                inputMode="url"
                mono
                placeholder={provider.baseUrl || "https://api.example.com/v1"}
                required
                problem={wrong}
                help={provider.keyless ? "Networks of your own must be allowed by your operator (FRONTDESK_FETCH_ALLOW)." : "As the provider's documentation says; it often ends with /v1."}
              />
            )}
            <TextField
              label={provider.keyless ? "Key, if the server asks for one" : "Key"}
              value={key}
              onChange={setKey}
              type="password"
              autoComplete="off"
              mono
              maxLength={4096}
              required={!provider.keyless}
              help={mayCreate ? "Stored encrypted. No one can read it again, only replace it." : "Your role doesn't allow new keys. Ask an administrator."}
              problem={fresh.problem}
            />
          </>
        )}
        <TextField label="Model" value={model} onChange={setModel} maxLength={200} required mono placeholder={provider.model} help="As the provider names it." />
        <details>
          <summary className="cursor-pointer rounded py-1 text-sm font-medium">Advanced</summary>
          <NumberField label="Temperature" value={temperature} onChange={setTemperature} min={0} max={2} step={0.1} help="Empty: the provider's default. Reasoning models accept no other." className="mt-2" />
        </details>
        {tested?.choice === choice && test.result}
      </div>
    </Dialog>
  );
}
