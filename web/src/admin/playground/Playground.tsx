import type { AssistantSettings, Setting } from "@contracts/admin/v1/setting_pb";
import { SettingService } from "@contracts/admin/v1/setting_service_pb";
import { useState } from "react";
import { Link, useSearchParams } from "react-router";

import { Badge } from "../../ui/Badge";
import { Button } from "../../ui/Button";
import { Card } from "../../ui/Card";
import { NumberField, TextArea, TextField } from "../../ui/Field";
import { Switch } from "../../ui/Switch";
import { useAction, useCall } from "../data/calls";
import { useMay, useSession } from "../data/session";
import { Page } from "../shell/Page";
import { Empty } from "../shell/states";
import { AnswerCard } from "./AnswerCard";
import { usePreview } from "./preview";

const MAX_QUESTION = 4_000;

export function Component() {
  const { organization } = useSession();
  const name = `${organization}/settings/assistant`;
  const [params, setParams] = useSearchParams();
  const [question, setQuestion] = useState(params.get("question") ?? "");
  const mayEdit = useMay("admin.settings.update");
  const setting = useCall(SettingService.method.getSetting, { name }, { enabled: useMay("admin.settings.read") });
  const comparing = params.get("compare") === "draft";
  const [published, drafted] = [usePreview(), usePreview()];
  const draftVersion = setting.data?.draftVersion ?? "";
  const ask = (version = draftVersion) => {
    const text = question.trim();
    if (text === "") return;
    setParams((now) => {
      now.set("question", text);
      return now;
    }, { replace: true });
    void published.ask(text, []);
    if (comparing && version) void drafted.ask(text, [version]);
    else drafted.clear();
  };
  const compare = (on: boolean) =>
    setParams((now) => {
      if (on) now.set("compare", "draft");
      else now.delete("compare");
      return now;
    }, { replace: true });
  return (
    <Page title="Playground" about="Ask as a customer would. Only you see the answer, with everything that it was made of. Nothing is stored." wide>
      <form
        className="mb-5 flex flex-col gap-3"
        onSubmit={(event) => {
          event.preventDefault();
          ask();
        }}
      >
        <div className="flex flex-wrap items-end gap-2">
          <TextField label="Question" value={question} onChange={setQuestion} maxLength={MAX_QUESTION} placeholder="How long can I return a parcel?" className="min-w-0 flex-1 basis-72" autoFocus />
          <Button type="submit" look="primary" icon="send" disabled={question.trim() === ""} busy={published.answer?.phase === "asking"}>
            Ask
          </Button>
        </div>
        {mayEdit && <Switch label="Compare with a draft" help="Change settings below and see both answers side by side before anything is published." value={comparing} onChange={compare} />}
      </form>
      {comparing && setting.data && <DraftPanel setting={setting.data} onSaved={ask} />}
      {published.answer ? (
        <div className={`grid items-start gap-4 ${comparing ? "lg:grid-cols-2" : ""}`}>
          <AnswerCard title={comparing ? "Published" : "Answer"} answer={published.answer} />
          {comparing &&
            (drafted.answer ? (
              <AnswerCard title="Draft" answer={drafted.answer} />
            ) : (
              <Empty icon="edit" title={draftVersion ? "Ask to compare" : "There is no draft yet"}>
                {draftVersion ? "The draft answers beside what is published." : "Change a setting above and save the draft."}
              </Empty>
            ))}
        </div>
      ) : (
        <Empty icon="flask" title="Ask a question">
          You see which passages were found and why each was used or dropped, what the model received, what it cost and how long it took.
        </Empty>
      )}
    </Page>
  );
}

type Changes = Partial<Pick<AssistantSettings, "tone" | "instructions" | "maxWords">> & { enoughScore?: number | undefined; weakScore?: number | undefined };

/** The settings that change answers most. The rest is on the assistant's page. */
function DraftPanel({ setting, onSaved }: { setting: Setting; onSaved: (version: string) => void }) {
  const value = assistantOf(setting);
  const [changes, setChanges] = useState<Changes>({});
  const update = useAction(SettingService.method.updateSetting, { quiet: true });
  const shown = { tone: value?.tone ?? "", instructions: value?.instructions ?? "", maxWords: value?.maxWords || undefined, enoughScore: value?.thresholds?.enoughScore, weakScore: value?.thresholds?.weakScore, ...changes };
  const set = (change: Changes) => setChanges((before) => ({ ...before, ...change }));
  const save = async () => {
    const { enoughScore, weakScore, ...plain } = changes;
    const thresholds = { ...("enoughScore" in changes && { enoughScore }), ...("weakScore" in changes && { weakScore }) };
    const saved = await update.run({
      setting: { name: setting.name, etag: setting.etag, draft: { kind: { case: "assistant", value: { ...plain, maxWords: plain.maxWords ?? 0, thresholds } } } },
      updateMask: { paths: pathsOf(changes) },
    });
    if (!saved) return;
    setChanges({});
    onSaved(saved.draftVersion);
  };
  const dirty = Object.keys(changes).length > 0;
  return (
    <Card
      className="mb-5"
      title={
        <span className="flex items-center gap-2">
          Draft {setting.draft ? <Badge look="info">Not published</Badge> : <Badge>As published</Badge>}
        </span>
      }
      actions={
        <Link to="/assistant" className="text-sm text-accent underline">
          All settings, and publish
        </Link>
      }
    >
      <div className="grid gap-4 lg:grid-cols-2">
        <div className="flex flex-col gap-4">
          <TextField label="Tone" value={shown.tone} onChange={(tone) => set({ tone })} maxLength={500} placeholder="Friendly, short, no exclamation marks" />
          <div className="flex flex-wrap gap-x-6 gap-y-4">
            <NumberField label="Longest answer" value={shown.maxWords} onChange={(maxWords) => set({ maxWords: maxWords ?? 0 })} min={0} max={2000} step={10} unit="words" />
            <NumberField label="Enough evidence" value={shown.enoughScore} onChange={(enoughScore) => set({ enoughScore })} min={0} max={1} step={0.01} help="Answers from this score on." />
            <NumberField label="No evidence below" value={shown.weakScore} onChange={(weakScore) => set({ weakScore })} min={0} max={1} step={0.01} help="Says that it doesn't know." />
          </div>
        </div>
        <TextArea label="Instructions" value={shown.instructions} onChange={(instructions) => set({ instructions })} rows={5} maxLength={8000} />
      </div>
      <div className="mt-4 flex items-center gap-3">
        <Button look="primary" disabled={!dirty} busy={update.busy} onClick={() => void save()}>
          Save draft and ask
        </Button>
        {update.failure && (
          <p role="alert" className="text-sm text-danger">
            {update.failure.sentence}
          </p>
        )}
      </div>
    </Card>
  );
}

function assistantOf({ draft, published }: Setting): AssistantSettings | undefined {
  const kind = (draft ?? published)?.kind;
  return kind?.case === "assistant" ? kind.value : undefined;
}

/** The paths of what was changed, for an update mask. */
export function pathsOf(changes: Changes): string[] {
  const paths: Record<keyof Changes, string> = {
    tone: "tone",
    instructions: "instructions",
    maxWords: "max_words",
    enoughScore: "thresholds.enough_score",
    weakScore: "thresholds.weak_score",
  };
  return (Object.keys(changes) as (keyof Changes)[]).map((field) => `draft.assistant.${paths[field]}`);
}
