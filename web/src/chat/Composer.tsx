/** Where one writes: grows with its text, keeps it over a reload, sends with Enter. */

import { useEffect, useLayoutEffect, useRef, useState, type ReactNode, type Ref } from "react";

import { tab } from "../api/storage";
import { Icon } from "../ui/Icon";

interface Props {
  label: string;
  placeholder: string;
  /** The most characters of a message. */
  limit: number;
  /** Under which name an unfinished text is kept for this tab. */
  keep: string;
  onSend: (text: string) => void;
  onTyping?: () => void;
  disabled?: boolean;
  note?: boolean;
  /** Stands at the start of the line below the text. */
  children?: ReactNode;
  field?: Ref<HTMLTextAreaElement>;
}

const MAX_PX = 160;

export function Composer({ label, placeholder, limit, keep, onSend, onTyping, disabled = false, note = false, children, field }: Props) {
  const [text, setText] = useKept(keep);
  const area = useRef<HTMLTextAreaElement>(null);
  const left = limit - [...text].length;
  const sendable = !disabled && left >= 0 && text.trim() !== "";

  useLayoutEffect(() => {
    if (!area.current) return;
    area.current.style.height = "auto";
    area.current.style.height = `${Math.min(area.current.scrollHeight, MAX_PX)}px`;
  }, [text]);

  const send = () => {
    if (!sendable) return;
    onSend(text);
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
          className={`min-h-9 flex-1 resize-none bg-transparent py-1.5 text-base outline-none sm:text-[0.94rem] ${note ? "text-on-note placeholder:text-on-note/80" : "placeholder:text-muted"}`}
        />
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
