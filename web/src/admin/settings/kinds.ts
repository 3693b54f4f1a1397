/** The kinds of a setting's value, by the last part of the setting's name. */

import { create, type MessageInitShape } from "@bufbuild/protobuf";
import {
  AssistantSettingsSchema,
  BudgetSettingsSchema,
  BusinessHoursSchema,
  LimitSettingsSchema,
  MailSettingsSchema,
  RetentionSettingsSchema,
  SettingValueSchema,
  SignInSettingsSchema,
  type SettingValue,
} from "@contracts/admin/v1/setting_pb";

const KINDS = {
  assistant: ["assistant", AssistantSettingsSchema],
  "business-hours": ["businessHours", BusinessHoursSchema],
  limits: ["limits", LimitSettingsSchema],
  budget: ["budget", BudgetSettingsSchema],
  retention: ["retention", RetentionSettingsSchema],
  "sign-in": ["signIn", SignInSettingsSchema],
  mail: ["mail", MailSettingsSchema],
} as const;

export type SettingId = keyof typeof KINDS;
type Values = { [Value in SettingValue["kind"] as Value extends { case: infer Case extends string } ? Case : never]: Value extends { value: infer Each } ? Each : never };
/** The message of a setting: `ValueOf<"business-hours">` is BusinessHours. */
export type ValueOf<Id extends SettingId> = Values[(typeof KINDS)[Id][0]];

/** The message in a value, or the defaults if there is none. */
export function valueOf<Id extends SettingId>(id: Id, wrapped: SettingValue | undefined): ValueOf<Id> {
  const [kind, schema] = KINDS[id];
  const found = wrapped?.kind.case === kind ? wrapped.kind.value : create(schema as typeof LimitSettingsSchema);
  return found as unknown as ValueOf<Id>;
}

/** A message as a setting's value. */
export function wrap<Id extends SettingId>(id: Id, value: ValueOf<Id>): MessageInitShape<typeof SettingValueSchema> {
  return { kind: { case: KINDS[id][0], value } } as MessageInitShape<typeof SettingValueSchema>;
}
