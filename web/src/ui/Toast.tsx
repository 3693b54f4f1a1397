/** Short reports of what happened, at the edge of the screen. One with an action stays longer; the pointer or the focus keeps it. */

import { createContext, useCallback, useContext, useEffect, useRef, useState, type ReactNode } from "react";

import { IconButton } from "./Button";
import { Icon } from "./Icon";

interface Action {
  label: string;
  run: () => void;
}

interface Options {
  look?: "good" | "bad";
  /** Something to do about it, such as Undo. */
  action?: Action;
}

interface Shown extends Options {
  id: number;
  text: string;
}

export type ToastFunction = (text: string, options?: Options) => void;

const MAX_SHOWN = 3;
const SHORT_MS = 4_000;
const LONG_MS = 10_000;

const Toasts = createContext<ToastFunction>(() => undefined);

/** `toast("Deleted", { action: { label: "Undo", run } })`. */
export function useToast(): ToastFunction {
  return useContext(Toasts);
}

export function ToastProvider({ children }: { children: ReactNode }) {
  const [shown, setShown] = useState<readonly Shown[]>([]);
  const next = useRef(0);
  const toast = useCallback<ToastFunction>((text, options = {}) => {
    const id = next.current++;
    setShown((others) => [...others.filter((other) => other.text !== text), { id, text, ...options }].slice(-MAX_SHOWN));
  }, []);
  const close = useCallback((id: number) => setShown((others) => others.filter((other) => other.id !== id)), []);
  return (
    <Toasts.Provider value={toast}>
      {children}
      <section aria-label="Notifications" className="pointer-events-none fixed inset-x-0 bottom-[var(--bottom-bar,0px)] z-50 flex flex-col items-center gap-2 p-4">
        <div aria-live="polite" className="flex w-full max-w-md flex-col gap-2">
          {shown.map((each) => (
            <Toast key={each.id} shown={each} close={close} />
          ))}
        </div>
      </section>
    </Toasts.Provider>
  );
}

function Toast({ shown: { id, text, look = "good", action }, close }: { shown: Shown; close: (id: number) => void }) {
  const [kept, setKept] = useState(false);
  useEffect(() => {
    if (kept) return;
    const timer = setTimeout(() => close(id), action || look === "bad" ? LONG_MS : SHORT_MS);
    return () => clearTimeout(timer);
  }, [id, kept, action, look, close]);
  return (
    <div
      onPointerEnter={() => setKept(true)}
      onPointerLeave={() => setKept(false)}
      onFocus={() => setKept(true)}
      onBlur={() => setKept(false)}
      className="pointer-events-auto flex animate-rise items-center gap-3 rounded-xl border border-line bg-surface py-1.5 ps-4 pe-1.5 text-sm shadow-panel"
    >
      <Icon name={look === "bad" ? "alert" : "check"} className={`size-4.5 ${look === "bad" ? "text-danger" : "text-accent"}`} />
      <p className="min-w-0 flex-1">{text}</p>
      {action && (
        <button
          type="button"
          className="min-h-9 rounded-lg px-2 font-semibold text-accent hover:bg-sunken"
          onClick={() => {
            action.run();
            close(id);
          }}
        >
          {action.label}
        </button>
      )}
      <IconButton icon="close" label="Dismiss" className="size-9!" onClick={() => close(id)} />
    </div>
  );
}
