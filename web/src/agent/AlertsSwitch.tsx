/** Whether this browser alerts the agent to waiting customers, with a sound and on the desktop. */

import { useEffect, useRef, useState } from "react";

import { useStore } from "../chat/store";
import { IconButton } from "../ui/Button";
import type { Alerts } from "./alerts";

export function AlertsSwitch({ alerts }: { alerts: Alerts }) {
  const { sound, desktop, permission } = useStore(alerts.store);
  const [open, setOpen] = useState(false);
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (!open) return;
    const away = (event: Event) => {
      if (!box.current?.contains(event.target as Node)) setOpen(false);
    };
    document.addEventListener("pointerdown", away);
    return () => document.removeEventListener("pointerdown", away);
  }, [open]);
  return (
    <div ref={box} className="relative" onKeyDown={(event) => event.key === "Escape" && setOpen(false)}>
      <IconButton icon="bell" label="Alerts" aria-expanded={open} onClick={() => setOpen(!open)} />
      {open && (
        <fieldset className="absolute end-0 top-full z-20 mt-1 flex w-72 flex-col gap-2 rounded-2xl border border-line bg-surface p-4 shadow-panel">
          <legend className="sr-only">Alerts about waiting customers</legend>
          <p className="text-sm font-semibold">When you're online and a customer waits</p>
          <Choice label="Play a sound" checked={sound} set={(on) => alerts.setSound(on)} />
          <Choice
            label="Show a desktop notification"
            checked={desktop}
            disabled={permission === "unsupported" || permission === "denied"}
            set={(on) => void alerts.setDesktop(on)}
          />
          {permission === "denied" && <p className="text-xs text-muted">This browser blocks notifications for this page. Allow them in its settings.</p>}
          {permission === "unsupported" && <p className="text-xs text-muted">This browser has no notifications for this page.</p>}
        </fieldset>
      )}
    </div>
  );
}

interface ChoiceProps {
  label: string;
  checked: boolean;
  disabled?: boolean;
  set: (on: boolean) => void;
}

function Choice({ label, checked, disabled = false, set }: ChoiceProps) {
  return (
    <label className="flex min-h-8 items-center gap-2 text-sm">
      <input type="checkbox" className="size-4 accent-accent" checked={checked} disabled={disabled} onChange={(event) => set(event.target.checked)} />
      {label}
    </label>
  );
}
