/** The differences between two versions of a setting. */

import { toJson } from "@bufbuild/protobuf";
import { ValueSchema } from "@bufbuild/protobuf/wkt";
import type { SettingChange } from "@contracts/admin/v1/setting_service_pb";
import { SettingService } from "@contracts/admin/v1/setting_service_pb";

import { useCall } from "../data/calls";
import { Loaded } from "../shell/states";
import { asText, inWords } from "../shell/unsaved";

interface Props {
  setting: string;
  /** Versions; without them from what is published to the draft. */
  before?: string;
  after?: string;
}

export function Changes({ setting, before = "", after = "" }: Props) {
  const diff = useCall(SettingService.method.diffSetting, { name: setting, before, after });
  return (
    <Loaded of={diff}>
      {({ changes }) =>
        changes.length === 0 ? (
          <p className="text-muted">There is no difference.</p>
        ) : (
          <ul aria-label="Changes" className="divide-y divide-line rounded-xl border border-line">
            {changes.map((change) => (
              <li key={change.path} className="px-4 py-2.5">
                <p className="font-medium">{change.path.split(".").map(inWords).join(" › ")}</p>
                <Value mark="−" of={change.before} look="text-danger" />
                <Value mark="+" of={change.after} look="text-accent" />
              </li>
            ))}
          </ul>
        )
      }
    </Loaded>
  );
}

function Value({ mark, of, look }: { mark: string; of: SettingChange["before"]; look: string }) {
  return (
    <p className="flex gap-2 text-sm">
      <span aria-hidden="true" className={`font-mono ${look}`}>
        {mark}
      </span>
      <span className="min-w-0 break-words whitespace-pre-wrap">{asText(of && toJson(ValueSchema, of))}</span>
    </p>
  );
}
