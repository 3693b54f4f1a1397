import { PreChatField, WidgetPosition } from "@contracts/channel/v1/channel_pb";
import { useEffect, useLayoutEffect, useRef, useState } from "react";

import { pause } from "../../api/watch";
import { Icon } from "../../ui/Icon";
import { Tabs } from "../../ui/Tabs";
import { chatLink, coloursOf, textsIn, type WebChatValue } from "./webChat";

interface Props {
  channel: string;
  value: WebChatValue;
  /** Empty: the texts of every language. */
  language: string;
  logoPath: string;
  /** There is something that isn't saved. */
  dirty: boolean;
}

const RIGHT_TO_LEFT = ["ar", "he", "fa", "ur"];

/** The chat as it will look, with what isn't saved yet; and the real one, as it is saved. */
export function WidgetPreview({ channel, value, language, logoPath, dirty }: Props) {
  const [shown, setShown] = useState("light");
  const drawn = (dark: boolean) => <Drawn value={value} language={language} logoPath={logoPath} dark={dark} />;
  return (
    <section aria-label="Preview">
      <Tabs
        label="Preview"
        value={shown}
        onChange={setShown}
        tabs={[
          { id: "light", label: "Light", panel: drawn(false) },
          { id: "dark", label: "Dark", panel: drawn(true) },
          { id: "real", label: "Real chat", panel: <Real channel={channel} dirty={dirty} /> },
        ]}
      />
    </section>
  );
}

/** How often, and how many times after a change was saved, the chat's settings are read as customers get them. */
const LOOK_MS = 1_000;
const MAX_LOOKS = 20;

/** The settings as customers get them, as text; undefined before the first answer. */
function useServed(link: string, dirty: boolean): string | undefined {
  const [served, setServed] = useState<string>();
  useEffect(() => {
    if (dirty) return;
    const over = new AbortController();
    const look = async () => {
      for (let count = 0; count < MAX_LOOKS && !over.signal.aborted; count++) {
        const answer = await fetch(`${link}/widget.json`, { signal: over.signal }).then((each) => each.text(), () => "");
        if (!over.signal.aborted) setServed((known) => answer || (known ?? ""));
        await pause(LOOK_MS, over.signal);
      }
    };
    void look();
    return () => over.abort();
  }, [link, dirty]);
  return served;
}

function Real({ channel, dirty }: { channel: string; dirty: boolean }) {
  const link = chatLink(channel, "");
  const served = useServed(link, dirty);
  return (
    <div className="flex flex-col gap-2">
      {dirty && <p className="text-xs text-muted">As it is saved: your changes aren't in it yet.</p>}
      {/* Another key loads it again: a saved change has arrived. */}
      <iframe key={served} title="The chat as customers see it" src={served === undefined ? undefined : link} className="h-[32rem] w-full rounded-2xl border border-line" />
    </div>
  );
}

/** Colours of the chat's page, beside the channel's own. */
const GROUNDS = {
  light: { page: "#f5f7f4", ink: "#15211d", muted: "#55645d", line: "#dae1da", bubble: "#edf1ec" },
  dark: { page: "#161f1c", ink: "#e9efec", muted: "#a5b4ad", line: "#2b3833", bubble: "#202b27" },
} as const;

function Drawn({ value, language, logoPath, dark }: Omit<Props, "channel" | "dirty"> & { dark: boolean }) {
  const texts = textsIn(value, language);
  const { accent, text } = coloursOf(value, dark);
  const ground = GROUNDS[dark ? "dark" : "light"];
  const frame = useRef<HTMLDivElement>(null);
  // The page's policy forbids style attributes in markup; custom properties set by script are allowed.
  useLayoutEffect(() => {
    for (const [name, colour] of Object.entries({ accent, "on-accent": text, ...ground })) frame.current?.style.setProperty(`--preview-${name}`, colour);
  }, [accent, text, ground]);
  const asks = [value.preChatName, value.preChatEmail].some((field) => field === PreChatField.OPTIONAL || field === PreChatField.REQUIRED);
  return (
    <div ref={frame} dir={RIGHT_TO_LEFT.includes(language) ? "rtl" : "ltr"} lang={language || undefined} className="flex flex-col gap-3 text-sm text-(--preview-ink)">
      <div className="flex h-[28rem] flex-col overflow-hidden rounded-2xl border border-(--preview-line) bg-(--preview-page) shadow-panel">
        <div className="flex items-center gap-3 bg-(--preview-accent) px-4 py-3 text-(--preview-on-accent)">
          {logoPath && <img src={logoPath} alt="" className="size-8 rounded-lg object-contain" />}
          <p className="truncate font-semibold">{texts.title}</p>
        </div>
        <div className="flex min-h-0 flex-1 flex-col gap-3 overflow-y-auto p-4" tabIndex={0} role="group" aria-label="Chat">
          {texts.greeting && <p className="max-w-[85%] self-start rounded-2xl rounded-es-md bg-(--preview-bubble) px-3.5 py-2 break-words whitespace-pre-line">{texts.greeting}</p>}
          {asks && (
            <p className="rounded-xl border border-(--preview-line) px-3 py-2 text-xs text-(--preview-muted)">
              {[value.preChatName && value.preChatName !== PreChatField.OFF && "Name", value.preChatEmail && value.preChatEmail !== PreChatField.OFF && "Email"].filter(Boolean).join(" · ")}
            </p>
          )}
          {texts.suggestions.length > 0 && (
            <ul className="flex flex-col items-end gap-1.5">
              {texts.suggestions.map((question) => (
                <li key={question} className="rounded-full border border-(--preview-line) px-3 py-1.5">
                  {question}
                </li>
              ))}
            </ul>
          )}
        </div>
        <div className="border-t border-(--preview-line) p-3">
          <div className="flex items-center gap-2 rounded-full border border-(--preview-line) ps-4 pe-1.5">
            <span className="flex-1 py-2 text-(--preview-muted)">…</span>
            <span className="grid size-8 place-items-center rounded-full bg-(--preview-accent) text-(--preview-on-accent)">
              <Icon name="send" className="size-4" />
            </span>
          </div>
          {texts.consentText && <p className="mt-2 text-center text-xs text-(--preview-muted)">{value.consentUri ? <u>{texts.consentText}</u> : texts.consentText}</p>}
        </div>
      </div>
      <span className={`grid size-13 place-items-center rounded-full bg-(--preview-accent) text-(--preview-on-accent) shadow-card ${value.position === WidgetPosition.START ? "self-start" : "self-end"}`}>
        <Icon name="chat" />
      </span>
    </div>
  );
}
