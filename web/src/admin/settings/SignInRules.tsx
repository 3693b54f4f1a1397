/** How colleagues sign in. */

import { Card } from "../../ui/Card";
import { Switch } from "../../ui/Switch";
import { SettingFrame } from "./SettingFrame";
import { useSettingTabs } from "./tabs";

export function Component() {
  return (
    <SettingFrame setting="sign-in" title="Sign-in" about="Rules for everyone in your organization." tabs={useSettingTabs()}>
      {(value, set, mayChange) => (
        <Card>
          <Switch
            label="Require a second factor"
            help="Everyone without one sets it up at the next sign-in. Their sessions end."
            value={value.requireSecondFactor}
            disabled={!mayChange}
            onChange={(requireSecondFactor) => set({ requireSecondFactor })}
          />
        </Card>
      )}
    </SettingFrame>
  );
}
