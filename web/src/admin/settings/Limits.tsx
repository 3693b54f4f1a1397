/** How much customers may write, and the assistant may do at once. */

import type { LimitSettings } from "@contracts/admin/v1/setting_pb";

import { Card } from "../../ui/Card";
import { NumberField } from "../../ui/Field";
import { SettingFrame } from "./SettingFrame";
import { useSettingTabs } from "./tabs";

type Name = "sessionMessagesPerMinute" | "customerMessagesPerMinute" | "concurrentTurns" | "contextTokens";

const FIELDS: readonly { name: Name; label: string; max: number; help: string }[] = [
  { name: "sessionMessagesPerMinute", label: "Messages of one web chat in a minute", max: 1000, help: "More are refused, with the time to wait." },
  { name: "customerMessagesPerMinute", label: "Messages of one customer in a minute, over all channels", max: 1000, help: "More are kept, but the assistant doesn't answer them." },
  { name: "concurrentTurns", label: "Answers at the same time", max: 10_000, help: "More wait their turn." },
  { name: "contextTokens", label: "Tokens in the prompt of one answer", max: 1_000_000, help: "Instructions, passages and messages together; at least 500." },
];

export function Component() {
  return (
    <SettingFrame setting="limits" title="Limits" about="An empty field means your operator's limit; no value can be above it." tabs={useSettingTabs()} check={check}>
      {(value, set, mayChange) => (
        <Card>
          <div className="flex flex-col gap-5">
            {FIELDS.map(({ name, label, max, help }) => (
              <NumberField key={name} label={label} help={help} min={0} max={max} value={value[name] || undefined} disabled={!mayChange} onChange={(next) => set({ [name]: next ?? 0 })} />
            ))}
          </div>
        </Card>
      )}
    </SettingFrame>
  );
}

function check({ contextTokens }: LimitSettings): string | undefined {
  return contextTokens > 0 && contextTokens < 500 ? "A prompt needs at least 500 tokens" : undefined;
}
