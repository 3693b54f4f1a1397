/** The text field: grows with its text, keeps it over a reload, sends with Enter. */

import { useEffect, useLayoutEffect, useRef, useState, type ReactNode, type Ref } from "react";

import { tab } from "../api/storage";
import { IconButton } from "../ui/Button";
import { Icon } from "../ui/Icon";
import { Name } from "../ui/Name";
import type { DraftFile, Files, Uploading } from "./files";
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
  note?: boolean;
  /** Stands at the start of the line below the text. */
  children?: ReactNode;
  field?: Ref<HTMLTextAreaElement>;
}

const MAX_PX = 160;

export function Composer({ label, placeholder, limit, keep, onSend, files, onTyping, disabled = false, note = false, children, field }: Props) {
  const [text, setText] = useKept(keep);
  const area = useRef<HTMLTextAreaElement>(null);
  const left = limit - [...text].length;
  const picker = useRef<HTMLInputElement>(null);
  const { files: uploading } = useStore(files.store);
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
    onSend(text, files.take());
    setText("");
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
      {uploading.length > 0 && <Waiting uploading={uploading} remove={files.remove} />}
      <div
        className={`flex items-end gap-1 rounded-3xl border p-1.5 ps-4 transition-colors focus-within:border-accent focus-within:ring-1 focus-within:ring-accent ${
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
            if (event.key !== "Enter" || event.shiftKey || event.nativeEvent.isComposing) return;
            event.preventDefault();
            send();
          }}
          onPaste={(event) => {
            if (event.clipboardData.files.length === 0) return;
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
        <IconButton icon="clip" label="Attach files" className="size-9" disabled={disabled} onClick={() => picker.current?.click()} />
        <button
          type="submit"
          aria-label={note ? "Save note" : "Send"}
          title={note ? "Save note" : "Send"}
          disabled={!sendable}
          className="grid size-9 shrink-0 place-items-center rounded-full bg-accent text-on-accent transition-colors hover:bg-accent-strong disabled:bg-sunken disabled:text-muted"
        >
          <Icon name={note ? "check" : "send"} />
        </button>
      </div>
      <div className="flex min-h-5 items-center justify-between gap-3 px-1 pt-1.5 text-xs text-muted">
        {children ?? <span />}
        {left <= limit / 10 && (
          <span id={`${keep}-left`} role="status" className={`tabular-nums ${left < 0 ? "font-semibold text-danger" : ""}`}>
            {left < 0 ? `${-left} characters too many` : `${left} characters left`}
          </span>
        )}
      </div>
    </form>
  );
}

/** The files that go with the next message. */
function Waiting({ uploading, remove }: { uploading: readonly Uploading[]; remove: (id: string) => void }) {
  return (
    <ul aria-label="Files to send" className="flex flex-col gap-1 px-1 pb-2 text-sm">
      {uploading.map(({ id, name, part, problem, done }) => (
        <li key={id} className="flex items-center gap-2">
          <Icon name="file" className="size-4" />
          <span className="min-w-0 flex-1 truncate">
            <Name>{name}</Name>
          </span>
          <span role="status" className={`text-xs ${problem ? "text-danger" : "text-muted"}`}>
            {problem ?? (done ? "Ready" : `${Math.floor(part * 100)} %`)}
          </span>
          <IconButton icon="close" label={`Remove ${name}`} className="size-7" onClick={() => remove(id)} />
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
  useEffect(() => {
    if (at !== key) return;
    if (text === "") tab.remove(key);
    else tab.set(key, text);
  }, [at, key, text]);
  return [text, setText];
}
