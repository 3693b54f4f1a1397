import { type Channel, PreChatField, WidgetPosition, type WebChatConfig } from "@contracts/channel/v1/channel_pb";
import { ChannelService } from "@contracts/channel/v1/channel_service_pb";
import { useState } from "react";
import { Link } from "react-router";

import { Button, IconButton } from "../../ui/Button";
import { Card } from "../../ui/Card";
import { CodeBlock } from "../../ui/Copy";
import { Checkbox, TextArea, TextField } from "../../ui/Field";
import { LABEL } from "../../ui/look";
import { Radios, Select } from "../../ui/Select";
import { Switch } from "../../ui/Switch";
import { languageName } from "../assistant/Languages";
import { useAction } from "../data/calls";
import { useEdit } from "../data/edit";
import { useMay } from "../data/session";
import { EditBar } from "../shell/unsaved";
import { ColourField } from "./ColourField";
import { Logo } from "./Logo";
import { originsOf, originsProblem } from "./origins";
import { chatLink, LANGUAGES, MAX_GREETING, MAX_SUGGESTIONS, NO_TEXTS, problemOf, requestOf, snippet, valueOf, type Texts, type WebChatValue } from "./webChat";
import { WidgetPreview } from "./WidgetPreview";

interface FieldsProps {
  value: WebChatValue;
  set: (change: Partial<WebChatValue>) => void;
}

export function WebChatForm({ channel, config, reread }: { channel: Channel; config: WebChatConfig; reread: () => void }) {
  const may = useMay("channel.channels.update");
  const action = useAction(ChannelService.method.updateChannel, { quiet: true, done: "Saved. It shows within two seconds." });
  const form = useEdit<WebChatValue, typeof ChannelService.method.updateChannel.input, typeof ChannelService.method.updateChannel.output>(valueOf(channel, config), {
    etag: channel.etag,
    action,
    reread,
    request: (value, etag) => requestOf(channel.name, value, etag),
  });
  const [language, setLanguage] = useState("");
  const { value, set } = form;
  return (
    <>
      <Install channel={channel} />
      <div className="grid grid-cols-1 items-start gap-6 lg:grid-cols-[minmax(0,1fr)_22rem]">
        <fieldset disabled={!may} className="flex min-w-0 flex-col gap-5">
          <Looks value={value} set={set} channel={channel} logoPath={config.logoPath} />
          <Words value={value} set={set} language={language} setLanguage={setLanguage} />
          <BeforeTheChat value={value} set={set} />
          <Access value={value} set={set} hasSecret={channel.credentialsSet.includes("web_chat.identity_secret")} />
        </fieldset>
        <div className="min-w-0 lg:sticky lg:top-6">
          <WidgetPreview channel={channel.name} value={value} language={language} logoPath={config.logoPath} dirty={form.dirty} />
        </div>
      </div>
      <EditBar form={form} problem={problemOf(value)} />
    </>
  );
}

function Install({ channel }: { channel: Channel }) {
  const { origin } = window.location;
  const link = chatLink(channel.name, origin);
  return (
    <Card title="Put it on your site" about="Paste this line before </body> on every page that should show the chat. Changes below need no new line.">
      <div className="flex flex-col gap-3">
        <CodeBlock label="Line for your site" code={snippet(channel.name, origin)} />
        <p className="text-sm text-muted">
          No site yet? The chat is also a page of its own:{" "}
          <a href={link} target="_blank" rel="noreferrer" className="break-all text-accent underline">
            {link}
          </a>
        </p>
      </div>
    </Card>
  );
}

function Looks({ value, set, channel, logoPath }: FieldsProps & { channel: Channel; logoPath: string }) {
  return (
    <Card title="Looks">
      <div className="flex flex-col gap-4">
        <TextField label="Channel name" value={value.displayName} onChange={(displayName) => set({ displayName })} maxLength={120} required help="Agents see it." />
        <Logo channel={channel.name} path={logoPath} />
        <div className="grid grid-cols-1 gap-4 sm:grid-cols-2">
          <ColourField label="Colour" value={value.accentColor} text={value.accentTextColor} onChange={(accentColor) => set({ accentColor })} onText={(accentTextColor) => set({ accentTextColor })} />
          <ColourField
            label="Colour on dark screens"
            value={value.darkAccentColor}
            text={value.darkAccentTextColor}
            inherited={value.accentColor}
            dark
            onChange={(darkAccentColor) => set({ darkAccentColor })}
            onText={(darkAccentTextColor) => set({ darkAccentTextColor })}
          />
        </div>
        <Radios
          label="Position"
          value={String(value.position || WidgetPosition.END)}
          onChange={(position) => set({ position: Number(position) })}
          options={[
            { id: String(WidgetPosition.END), label: "Where lines end", help: "On the right; on the left of pages written from right to left." },
            { id: String(WidgetPosition.START), label: "Where lines start" },
          ]}
        />
      </div>
    </Card>
  );
}

/** The texts of the channel, or of one language. */
function Words({ value, set, language, setLanguage }: FieldsProps & { language: string; setLanguage: (language: string) => void }) {
  const own: Texts = language ? (value.texts[language] ?? NO_TEXTS) : value;
  const change = (texts: Partial<Texts>) => set(language ? { texts: { ...value.texts, [language]: { ...NO_TEXTS, ...value.texts[language], ...texts } } } : texts);
  const standing = (text: string) => (language ? { placeholder: text } : {});
  const offered = value.languages.length > 0 ? value.languages : LANGUAGES;
  return (
    <Card title="Words">
      <div className="flex flex-col gap-4">
        <fieldset className="flex flex-col gap-1">
          <legend className={LABEL}>Languages offered</legend>
          <div className="flex flex-wrap gap-x-5">
            {LANGUAGES.map((tag) => (
              <Checkbox
                key={tag}
                label={languageName(tag)}
                value={value.languages.length === 0 || value.languages.includes(tag)}
                onChange={(on) => set({ languages: chosen(value.languages, tag, on) })}
              />
            ))}
          </div>
        </fieldset>
        <Select
          label="Texts in"
          value={language || "all"}
          onChange={(id) => setLanguage(id === "all" ? "" : id)}
          options={[{ id: "all", label: "Every language without its own" }, ...offered.map((tag) => ({ id: tag, label: languageName(tag) }))]}
          help={language ? "What you leave empty is shown as for every language." : "The chat's own words, such as “Send”, are translated already."}
        />
        <TextField label="Title" value={own.title} onChange={(title) => change({ title })} maxLength={60} placeholder={language ? value.title || value.displayName : value.displayName} help="At the top of the chat. Empty: the channel's name." />
        <TextArea label="Greeting" value={own.greeting} onChange={(greeting) => change({ greeting })} rows={3} maxLength={MAX_GREETING} {...standing(value.greeting)} />
        <Suggestions value={own.suggestions} onChange={(suggestions) => change({ suggestions })} />
        <TextField label="Privacy line" value={own.consentText} onChange={(consentText) => change({ consentText })} maxLength={300} {...standing(value.consentText)} help="Below the first message field, such as what happens to the customer's data." />
        {!language && <TextField label="Privacy link" value={value.consentUri} onChange={(consentUri) => set({ consentUri })} inputMode="url" maxLength={500} placeholder="https://shop.example/privacy" />}
      </div>
    </Card>
  );
}

/** The languages that are offered; all of them are none. */
export function chosen(languages: readonly string[], tag: string, on: boolean): string[] {
  const now: readonly string[] = languages.length === 0 ? LANGUAGES : languages;
  const next = on ? [...now.filter((each) => each !== tag), tag] : now.filter((each) => each !== tag);
  return LANGUAGES.every((each) => next.includes(each)) && next.length === LANGUAGES.length ? [] : next;
}

function Suggestions({ value, onChange }: { value: readonly string[]; onChange: (suggestions: string[]) => void }) {
  return (
    <div className="flex flex-col gap-2">
      <span className={LABEL}>Suggested questions</span>
      {value.map((question, place) => (
        <div key={place} className="flex items-center gap-1">
          <TextField label={`Question ${place + 1}`} quiet value={question} onChange={(text) => onChange(value.map((each, other) => (other === place ? text : each)))} maxLength={120} className="flex-1" />
          <IconButton icon="close" label={`Remove question ${place + 1}`} className="size-9!" onClick={() => onChange(value.filter((_, other) => other !== place))} />
        </div>
      ))}
      {value.length < MAX_SUGGESTIONS && (
        <Button icon="plus" className="self-start" onClick={() => onChange([...value, ""])}>
          Add question
        </Button>
      )}
    </div>
  );
}

const ASKS = [
  { id: String(PreChatField.OFF), label: "Don't ask" },
  { id: String(PreChatField.OPTIONAL), label: "Ask, may stay empty" },
  { id: String(PreChatField.REQUIRED), label: "Required" },
] as const;

function BeforeTheChat({ value, set }: FieldsProps) {
  return (
    <Card title="Before and after the chat">
      <div className="flex flex-col gap-4">
        <div className="grid grid-cols-1 gap-4 sm:grid-cols-2">
          <Select label="Name" value={String(value.preChatName || PreChatField.OFF)} onChange={(id) => set({ preChatName: Number(id) })} options={ASKS} />
          <Select label="Email" value={String(value.preChatEmail || PreChatField.OFF)} onChange={(id) => set({ preChatEmail: Number(id) })} options={ASKS} />
        </div>
        <Switch label="Ask for a rating at the end" value={!value.ratingsOff} onChange={(on) => set({ ratingsOff: !on })} />
        <p className="text-sm text-muted">
          The chat says when people are there, by your{" "}
          <Link to="/settings/business-hours" className="text-accent underline">
            business hours
          </Link>
          .
        </p>
      </div>
    </Card>
  );
}

function Access({ value, set, hasSecret }: FieldsProps & { hasSecret: boolean }) {
  const origins = originsOf(value.allowedOrigins);
  return (
    <Card title="Allowed sites and signed-in customers">
      <div className="flex flex-col gap-4">
        <TextArea
          label="Sites that may show the chat"
          value={value.allowedOrigins}
          onChange={(allowedOrigins) => set({ allowedOrigins })}
          rows={3}
          mono
          placeholder="https://shop.example"
          help="One on each line. Empty: every site."
          problem={originsProblem(origins)}
        />
        <TextField
          label="Identity secret"
          value={value.identitySecret}
          onChange={(identitySecret) => set({ identitySecret })}
          type="password"
          autoComplete="off"
          mono
          maxLength={256}
          help={hasSecret ? "Stored. Enter a new one to replace it: signatures with the old one are refused at once." : "32 characters or more. With it your site signs who its customer is; it is never shown again."}
          problem={value.identitySecret && value.identitySecret.trim().length < 32 ? "It needs at least 32 characters." : undefined}
        />
        <Switch
          label="Only customers that your site has signed"
          help="Others can't write. Turn it on when every page signs its customers."
          value={value.identityRequired}
          disabled={!hasSecret && value.identitySecret.trim() === ""}
          onChange={(identityRequired) => set({ identityRequired })}
        />
      </div>
    </Card>
  );
}
