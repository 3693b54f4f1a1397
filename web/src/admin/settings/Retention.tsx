/** How long things are kept. */

import { create } from "@bufbuild/protobuf";
import { DurationSchema, type Duration } from "@bufbuild/protobuf/wkt";

import { Card } from "../../ui/Card";
import { NumberField } from "../../ui/Field";
import { SettingFrame } from "./SettingFrame";
import { useSettingTabs } from "./tabs";

const DAY_SECONDS = 86_400;
const MAX_DAYS = 36_500;

export function Component() {
  return (
    <SettingFrame setting="retention" title="Retention" about="How long things are kept after they were last touched; then they are deleted for good." tabs={useSettingTabs()}>
      {(value, set, mayChange) => (
        <Card>
            <NumberField
              label="Conversations, with their messages and files"
              unit="days"
              help="At least a day. Empty: forever."
              min={1}
              max={MAX_DAYS}
              value={daysOf(value.conversations)}
              disabled={!mayChange}
              onChange={(days) => set({ conversations: days === undefined ? undefined : create(DurationSchema, { seconds: BigInt(days * DAY_SECONDS) }) })}
            />
        </Card>
      )}
    </SettingFrame>
  );
}

function daysOf(duration: Duration | undefined): number | undefined {
  return duration && Number(duration.seconds) / DAY_SECONDS;
}
