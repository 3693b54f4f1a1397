/** The form before the chat, where a channel asks who is writing. */

import { PreChatField } from "@contracts/channel/v1/channel_pb";
import type { Widget } from "@contracts/channel/v1/widget_pb";
import { useId, useState } from "react";

import { t } from "../i18n";
import { Button } from "../ui/Button";
import { Consent } from "./Opening";
import { isAsked } from "./settings";

/** A customer's own words about themselves; both may be empty. */
export interface Introduction {
  displayName: string;
  email: string;
}

export function PreChat({ settings, introduce }: { settings: Widget; introduce: (introduction: Introduction) => void }) {
  const [displayName, setDisplayName] = useState("");
  const [email, setEmail] = useState("");
  return (
    <div className="flex min-h-0 flex-1 flex-col overflow-y-auto">
      <form
        aria-label={t("form.title")}
        className="flex flex-1 flex-col gap-4 p-5"
        onSubmit={(event) => {
          event.preventDefault();
          introduce({ displayName: displayName.trim(), email: email.trim() });
        }}
      >
        <p dir="auto" className="leading-[1.5]">
          {settings.greeting || t("form.intro")}
        </p>
        {isAsked(settings.preChatName) && (
          <Line label={t("form.name")} type="text" complete="name" max={120} field={settings.preChatName} value={displayName} change={setDisplayName} />
        )}
        {isAsked(settings.preChatEmail) && (
          <Line label={t("form.email")} type="email" complete="email" max={254} field={settings.preChatEmail} value={email} change={setEmail} />
        )}
        <Button type="submit" look="primary" className="min-h-11 self-start">
          {t("form.start")}
        </Button>
      </form>
      <Consent settings={settings} />
    </div>
  );
}

interface LineProps {
  label: string;
  type: "text" | "email";
  complete: string;
  max: number;
  field: PreChatField;
  value: string;
  change: (text: string) => void;
}

function Line({ label, type, complete, max, field, value, change }: LineProps) {
  const id = useId();
  const optional = field === PreChatField.OPTIONAL;
  return (
    <div className="flex flex-col gap-1.5">
      <label htmlFor={id} className="text-sm font-semibold">
        {label} {optional && <span className="font-normal text-muted">{t("form.optional")}</span>}
      </label>
      <input
        id={id}
        type={type}
        dir="auto"
        required={!optional}
        maxLength={max}
        autoComplete={complete}
        value={value}
        onChange={(event) => change(event.target.value)}
        className="min-h-11 rounded-xl border border-edge bg-surface px-3.5 text-base"
      />
    </div>
  );
}
