/** Limits of the model's cost. */

import { create } from "@bufbuild/protobuf";
import { BudgetSettingsSchema } from "@contracts/admin/v1/setting_pb";

import { Card } from "../../ui/Card";
import { NumberField } from "../../ui/Field";
import { amountOf, moneyOf } from "./money";
import { SettingFrame } from "./SettingFrame";
import { useSettingTabs } from "./tabs";

const MAX_AMOUNT = 1_000_000;

export function Component() {
  return (
    <SettingFrame
      setting="budget"
      title="Budget"
      about="What the model may cost, in the currency of your operator's price list. When a budget is used up the assistant says so once, and agents take over."
      tabs={useSettingTabs()}
    >
      {(value, set, mayChange) => (
        <Card>
          <div className="flex flex-col gap-5">
            <NumberField label="In a day" help="Empty: your operator's budget." min={0} max={MAX_AMOUNT} step={0.01} value={amountOf(value.daily)} disabled={!mayChange} onChange={(amount) => set(daily(amount))} />
          </div>
        </Card>
      )}
    </SettingFrame>
  );
}

function daily(amount: number | undefined) {
  const money = moneyOf(amount);
  return { daily: money && create(BudgetSettingsSchema, { daily: money }).daily };
}
