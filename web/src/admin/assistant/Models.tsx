import { create } from "@bufbuild/protobuf";
import { CredentialUser, type Credential } from "@contracts/admin/v1/credential_pb";
import { CredentialService } from "@contracts/admin/v1/credential_service_pb";
import { ModelChoiceSchema, type AssistantSettings, type ModelChoice } from "@contracts/admin/v1/setting_pb";
import { useState } from "react";
import { Link, useSearchParams } from "react-router";

import { Button, IconButton } from "../../ui/Button";
import { Card } from "../../ui/Card";
import { Switch } from "../../ui/Switch";
import { usePages } from "../data/calls";
import { useMay, useSession } from "../data/session";
import { SettingFrame } from "../settings/SettingFrame";
import { Credentials } from "./Credentials";
import { ModelDialog } from "./ModelDialog";
import { labelOf } from "./providers";
import { TABS } from "./tabs";
import { TryPanel } from "./TryPanel";
import { useModelTest } from "./useModelTest";

/** The credentials that models may use. */
export function useModelCredentials() {
  const { organization } = useSession();
  const enabled = useMay("admin.credentials.read");
  return usePages(CredentialService.method.listCredentials, { parent: organization, pageSize: 100 }, (page) => page.credentials.filter(({ user }) => user === CredentialUser.CORE), { enabled });
}

export function Component() {
  const credentials = useModelCredentials();
  return (
    <SettingFrame
      setting="assistant"
      title="Models and keys"
      about="Without a model the assistant quotes your documents word for word, at no cost. With one it writes answers of its own from them."
      tabs={TABS}
      wide
      aside={(_value, setting) => <TryPanel setting={setting} />}
    >
      {(value, set) => (
        <div className="flex flex-col gap-5">
          <Chain value={value} set={set} credentials={credentials.data ?? []} />
          <Credentials credentials={credentials} models={value.models} />
        </div>
      )}
    </SettingFrame>
  );
}

interface ChainProps {
  value: AssistantSettings;
  set: (change: Partial<AssistantSettings>) => void;
  credentials: readonly Credential[];
}

/** The models in the order in which they are asked. */
function Chain({ value, set, credentials }: ChainProps) {
  const { models } = value;
  const [params, setParams] = useSearchParams();
  const open = (add: boolean) => setParams(add ? { add: "model" } : {}, { replace: true });
  const move = (from: number, to: number) => {
    const moved = [...models];
    moved.splice(to, 0, ...moved.splice(from, 1));
    set({ models: moved });
  };
  const mayPreview = useMay("core.replies.preview");
  return (
    <Card
      title="Models"
      about="Asked from the top. The next one is asked when one fails before its first word."
      actions={
        <Button icon="plus" disabled={models.length >= 8} onClick={() => open(true)}>
          Add model
        </Button>
      }
    >
      {models.length === 0 ? (
        <p className="text-sm text-muted">None is chosen: this installation's own model answers or, where it has none, your documents are quoted.</p>
      ) : (
        <ol aria-label="Models" className="flex flex-col gap-2">
          {models.map((choice, place) => (
            <Row
              key={`${choice.model} ${choice.credential} ${place}`}
              choice={choice}
              credential={credentials.find(({ name }) => name === choice.credential)}
              mayTest={mayPreview}
              up={place > 0 ? () => move(place, place - 1) : undefined}
              down={place < models.length - 1 ? () => move(place, place + 1) : undefined}
              remove={() => set({ models: models.filter((_, other) => other !== place) })}
            />
          ))}
        </ol>
      )}
      {models.length > 1 && (
        <div className="mt-4">
          <Switch
            label="Ask the next model when one is unsure"
            help="Not only when it fails. Put a small or local model first and a strong one after it; each question costs what all the models that were asked cost."
            value={value.askNextWhenUnsure}
            onChange={(askNextWhenUnsure) => set({ askNextWhenUnsure })}
          />
        </div>
      )}
      <p className="mt-4 text-sm text-muted">
        The{" "}
        <Link to="/settings/budget" className="text-accent underline">
          budget
        </Link>{" "}
        limits what a day may cost. When it is used up, the assistant says so once and agents take over until the next day.
      </p>
      {params.get("add") === "model" && (
        <ModelDialog
          credentials={credentials}
          onClose={() => open(false)}
          onAdd={(choice) => set({ models: [...models, create(ModelChoiceSchema, choice)] })}
        />
      )}
    </Card>
  );
}

interface RowProps {
  choice: ModelChoice;
  credential: Credential | undefined;
  mayTest: boolean;
  up: (() => void) | undefined;
  down: (() => void) | undefined;
  remove: () => void;
}

function Row({ choice, credential, mayTest, up, down, remove }: RowProps) {
  const test = useModelTest();
  const [shown, setShown] = useState(true);
  const { model, temperature } = choice;
  const missing = choice.credential !== "" && credential === undefined;
  const run = () => {
    setShown(true);
    void test.run(model, choice.credential, 0n, temperature);
  };
  return (
    <li className="rounded-lg border border-line px-4 py-2 text-sm">
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
        <div className="min-w-0 flex-1 basis-40">
          <p className="truncate font-medium">{model}</p>
          <p className="truncate text-xs text-muted">
            {missing ? "Its key is not here any more. Remove the model, or add it again." : labelOf(credential)}
            {temperature !== undefined && ` · temperature ${temperature}`}
          </p>
        </div>
        <div className="flex items-center">
          {mayTest && (
            <Button look="quiet" busy={test.busy} onClick={run}>
              Test
            </Button>
          )}
          {up && <IconButton icon="down" label={`Ask ${model} earlier`} className="size-9! rotate-180" onClick={up} />}
          {down && <IconButton icon="down" label={`Ask ${model} later`} className="size-9!" onClick={down} />}
          <IconButton icon="trash" label={`Remove ${model}`} className="size-9!" onClick={remove} />
        </div>
      </div>
      {shown && test.result && <div className="mt-2">{test.result}</div>}
    </li>
  );
}
