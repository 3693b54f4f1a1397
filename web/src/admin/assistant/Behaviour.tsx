import { create } from "@bufbuild/protobuf";
import { AnswerThresholdsSchema, HandoverRulesSchema, type AnswerThresholds, type AssistantSettings, type HandoverRules } from "@contracts/admin/v1/setting_pb";

import { Card } from "../../ui/Card";
import { NumberField, TextArea, TextField } from "../../ui/Field";
import { Switch } from "../../ui/Switch";
import { SettingFrame } from "../settings/SettingFrame";
import { ChannelSwitches } from "./ChannelSwitches";
import { Languages } from "./Languages";
import { TABS } from "./tabs";
import { TryPanel } from "./TryPanel";

interface FieldsProps {
  value: AssistantSettings;
  set: (change: Partial<AssistantSettings>) => void;
}

export function Component() {
  return (
    <SettingFrame
      setting="assistant"
      title="Assistant"
      about="Changes are saved as a draft. Try it here or in the playground, then publish it."
      tabs={TABS}
      wide
      check={problemOf}
      aside={(_value, setting) => <TryPanel setting={setting} />}
    >
      {(value, set) => (
        <div className="flex flex-col gap-5">
          <Words value={value} set={set} />
          <Handover value={value} set={set} />
          <Advanced value={value} set={set} />
          <ChannelSwitches />
        </div>
      )}
    </SettingFrame>
  );
}

function Words({ value, set }: FieldsProps) {
  return (
    <Card title="How it writes">
      <div className="flex flex-col gap-4">
        <Switch
          label="Answers customers"
          help={value.disabled ? "Every conversation waits for an agent." : "Customers get an answer at once, where your documents have one."}
          value={!value.disabled}
          onChange={(on) => set({ disabled: !on })}
        />
        <TextField label="Name" value={value.displayName} onChange={(displayName) => set({ displayName })} maxLength={100} placeholder="Assistant" help="Customers see it beside its answers." />
        <TextField label="Tone" value={value.tone} onChange={(tone) => set({ tone })} maxLength={500} placeholder="Friendly, short, no exclamation marks" />
        <TextArea
          label="Instructions"
          value={value.instructions}
          onChange={(instructions) => set({ instructions })}
          rows={6}
          maxLength={8000}
          help="For a model, in each conversation. Customers never see them. Knowledge belongs in documents, not here."
        />
        <NumberField label="Longest answer" value={value.maxWords || undefined} onChange={(maxWords) => set({ maxWords: maxWords ?? 0 })} min={0} max={2000} step={10} unit="words" help="Empty: 200." />
        <Languages value={value.languages} onChange={(languages) => set({ languages })} />
      </div>
    </Card>
  );
}

function Handover({ value, set }: FieldsProps) {
  const rules = value.handover ?? create(HandoverRulesSchema);
  const change = (fields: Partial<HandoverRules>) => set({ handover: create(HandoverRulesSchema, { ...rules, ...fields }) });
  return (
    <Card title="When agents take over" about="A customer who asks for a human always gets one.">
      <div className="flex flex-col gap-4">
        <NumberField
          label="Hand over after"
          value={rules.unknownAnswers}
          onChange={(unknownAnswers) => change({ unknownAnswers })}
          min={0}
          max={20}
          unit="answers in a row that it doesn't know"
          help="Empty: 3, in business hours. 0: never on its own; it offers a human, and the customer decides."
        />
        <TextArea label="What the customer reads then" value={rules.notice} onChange={(notice) => change({ notice })} rows={2} maxLength={500} help="Empty: Frontdesk's own words, in the customer's language." />
        <TextArea label="Outside of business hours" value={rules.closedNotice} onChange={(closedNotice) => change({ closedNotice })} rows={2} maxLength={500} help="Empty: Frontdesk's own words, with the time when your team is back." />
      </div>
    </Card>
  );
}

/** Scores, for those who have tried them on questions of their own. */
function Advanced({ value, set }: FieldsProps) {
  const levels = value.thresholds ?? create(AnswerThresholdsSchema);
  const change = (fields: Partial<Record<keyof AnswerThresholds, number | undefined>>) => set({ thresholds: create(AnswerThresholdsSchema, { ...levels, ...fields } as AnswerThresholds) });
  const score = { min: 0, max: 1, step: 0.01 };
  return (
    <Card>
      <details>
        <summary className="cursor-pointer rounded text-sm font-semibold">Advanced: when it answers</summary>
        <p className="mt-2 text-sm text-muted">The best passage decides, by its score in the playground. Empty fields use what was measured for the embedding model.</p>
        <div className="mt-4 grid gap-4 sm:grid-cols-2">
          <NumberField label="Enough evidence" value={levels.enoughScore} onChange={(enoughScore) => change({ enoughScore })} {...score} help="From this score on it answers." />
          <NumberField label="No evidence below" value={levels.weakScore} onChange={(weakScore) => change({ weakScore })} {...score} help="Below, it says that it doesn't know. Between the two a model judges." />
          <NumberField label="Similarity of a passage" value={levels.minDenseScore} onChange={(minDenseScore) => change({ minDenseScore })} {...score} help="Passages below are dropped." />
          <NumberField label="Shared words of a passage" value={levels.minLexicalScore} onChange={(minLexicalScore) => change({ minLexicalScore })} {...score} help="Keeps a passage whose similarity is too low. Empty: 0.5." />
          <NumberField label="Passages" value={levels.maxPassages || undefined} onChange={(maxPassages) => change({ maxPassages: maxPassages ?? 0 })} min={0} max={50} help="How many a model sees at most. Empty: 8." />
        </div>
      </details>
    </Card>
  );
}

function problemOf({ thresholds }: AssistantSettings): string | undefined {
  const { enoughScore, weakScore } = thresholds ?? {};
  return enoughScore !== undefined && weakScore !== undefined && weakScore > enoughScore ? "“No evidence below” can't be above “Enough evidence”." : undefined;
}
