/** The text field: grows with its text, keeps it over a reload, sends with Enter. */

import { AttachmentKind } from "@contracts/core/v1/content_pb";
import { useLayoutEffect, useRef, useState, type ReactNode, type Ref } from "react";

import { tab } from "../api/storage";
import { t } from "../i18n";
import { IconButton } from "../ui/Button";
import { Icon } from "../ui/Icon";
import { enterOf } from "../ui/keys";
import { Name } from "../ui/Name";
import type { DraftFile, Files, Uploading } from "./files";
import { canRecord, useRecorder } from "./recorder";
import { Recording } from "./Recording";
import { useStore } from "./store";

interface Props {
  label: string;
  placeholder: string;
  /** The most characters of a message. */
  limit: number;
  /** The key under which this tab keeps an unfinished text. */
  keep: string;
  onSend: (text: string, files: readonly DraftFile[]) => void;
  /** Takes the files that are sent with the next message. */
  files: Files;
  onTyping?: () => void;
  disabled?: boolean;
  /** Why no files can be sent; empty: they can. */
  noFiles?: string;
  /** Voice messages can be recorded. */
  voice?: boolean;
  note?: boolean;
  /** Stands above the text: offers to replace it. */
  above?: (text: string, replace: (text: string) => void) => ReactNode;
  /** The text that Enter puts in place of another one instead of sending it; undefined: it is sent. */
  expand?: (text: string) => string | undefined;
  /** Stands at the start of the line below the text. */
  children?: ReactNode;
  field?: Ref<HTMLTextAreaElement>;
}

const MAX_PX = 160;

export function Composer({ label, placeholder, limit, keep, onSend, files, onTyping, disabled = false, noFiles = "", voice = false, note = false, above, expand, children, field }: Props) {
  const [text, setText] = useKept(keep);
  const area = useRef<HTMLTextAreaElement>(null);
  const left = limit - [...text].length;
  const picker = useRef<HTMLInputElement>(null);
  const { files: uploading } = useStore(files.store);
  const recorder = useRecorder(t("voice.fileName"), (file) => files.add([file], AttachmentKind.VOICE));
  const waits = uploading.some(({ done, problem }) => !done && !problem);
  const holds = text.trim() !== "" || uploading.some(({ done }) => done !== undefined);
  const sendable = !disabled && left >= 0 && holds && !waits;

  useLayoutEffect(() => {
    if (!area.current) return;
    area.current.style.height = "auto";
    area.current.style.height = `${Math.min(area.current.scrollHeight, MAX_PX)}px`;
  }, [text]);

  const send = () => {
    if (!sendable) return;
    setText(""); // first, because the field may give way to another one
    onSend(text, files.take());
  };

  return (
    <form
      className="px-3 pb-3"
      onSubmit={(event) => {
        event.preventDefault();
        send();
        area.current?.focus();
      }}
    >
      {above?.(text, (next) => {
        setText(next);
        area.current?.focus();
      })}
      {uploading.length > 0 && <Waiting uploading={uploading} remove={files.remove} />}
      {recorder.problem && (
        <p role="alert" className="px-1 pb-2 text-sm text-danger">
          {t(`voice.${recorder.problem}`)}
        </p>
      )}
      {recorder.phase !== "idle" && <Recording recorder={recorder} />}
      <div
        hidden={recorder.phase !== "idle"}
        className={`flex items-end gap-1 rounded-3xl border p-1.5 ps-4 transition-colors focus-within:border-link focus-within:ring-1 focus-within:ring-link ${
          note ? "border-on-note/40 bg-note" : "border-edge bg-surface"
        }`}
      >
        <textarea
          ref={(element) => {
            area.current = element;
            if (typeof field === "function") field(element);
            else if (field) field.current = element;
          }}
          rows={1}
          dir="auto"
          value={text}
          aria-label={label}
          aria-describedby={left <= limit / 10 ? `${keep}-left` : undefined}
          aria-invalid={left < 0}
          placeholder={placeholder}
          enterKeyHint="send"
          disabled={disabled}
          onChange={(event) => {
            setText(event.target.value);
            if (event.target.value.trim() !== "") onTyping?.();
          }}
          onKeyDown={(event) => {
            const expanded = expand?.(text);
            const act = enterOf(event.nativeEvent, expanded !== undefined);
            if (act) event.preventDefault();
            if (act === "send") send();
            else if (act === "choose") setText(expanded ?? text);
          }}
          onPaste={(event) => {
            if (event.clipboardData.files.length === 0 || noFiles) return;
            event.preventDefault();
            files.add(event.clipboardData.files);
          }}
          className={`min-h-9 flex-1 resize-none bg-transparent py-1.5 text-base outline-none sm:text-[0.94rem] ${note ? "text-on-note placeholder:text-on-note/80" : "placeholder:text-muted"}`}
        />
        <input
          ref={picker}
          type="file"
          multiple
          hidden
          onChange={(event) => {
            files.add(event.target.files ?? []);
            event.target.value = "";
          }}
        />
        <IconButton icon="clip" label={noFiles || t("composer.attach")} className="size-9" disabled={disabled || noFiles !== ""} onClick={() => picker.current?.click()} />
        {voice && canRecord() && (
          <IconButton icon="microphone" label={t("voice.record")} className="size-9" disabled={disabled} onClick={recorder.start} />
        )}
        <button
          type="submit"
          aria-label={note ? t("composer.saveNote") : t("composer.send")}
          title={note ? t("composer.saveNote") : t("composer.send")}
          disabled={!sendable}
          className="grid size-9 shrink-0 place-items-center rounded-full bg-accent text-on-accent transition-colors hover:bg-accent-strong disabled:bg-sunken disabled:text-muted"
        >
          <Icon name={note ? "check" : "send"} />
        </button>
      </div>
      <div className="flex min-h-8.5 items-center justify-between gap-3 px-1 pt-1.5 text-xs text-muted">
        {children ?? <span />}
        {left <= limit / 10 && (
          <span id={`${keep}-left`} role="status" className={`tabular-nums ${left < 0 ? "font-semibold text-danger" : ""}`}>
            {left < 0 ? t("composer.tooLong", { count: -left }) : t("composer.left", { count: left })}
          </span>
        )}
      </div>
    </form>
  );
}

/** The files that go with the next message. */
function Waiting({ uploading, remove }: { uploading: readonly Uploading[]; remove: (id: string) => void }) {
  return (
    <ul aria-label={t("files.list")} className="flex flex-col gap-1 px-1 pb-2 text-sm">
      {uploading.map(({ id, name, part, problem, done, sound }) => (
        <li key={id} className="flex items-center gap-2">
          <Icon name="file" className="size-4" />
          <span className="min-w-0 flex-1 truncate">
            {sound ? <audio controls src={sound} aria-label={name} className="h-9 w-full" /> : <Name>{name}</Name>}
          </span>
          <span role="status" className={`text-xs ${problem ? "text-danger" : "text-muted"}`}>
            {problem ?? (done ? t("files.ready") : `${Math.floor(part * 100)} %`)}
          </span>
          <IconButton icon="close" label={t("files.remove", { name })} className="size-7" onClick={() => remove(id)} />
        </li>
      ))}
    </ul>
  );
}

/** A text that survives a reload of this tab. */
function useKept(key: string): [string, (text: string) => void] {
  const [text, setText] = useState(() => tab.get(key) ?? "");
  const [at, setAt] = useState(key);
  if (at !== key) {
    setAt(key);
    setText(tab.get(key) ?? "");
  }
  const keep = (next: string) => {
    setText(next);
    if (next === "") tab.remove(key);
    else tab.set(key, next); // now, because the key may change with the next answer of a service
  };
  return [text, keep];
}
