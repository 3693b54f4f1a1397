/** Forms with unsaved changes: the guard against leaving them, the bar that saves them, and what to do if someone else was quicker. */

import { createContext, useContext, useEffect, useId, useState, type ReactNode } from "react";
import { useBlocker } from "react-router";

import { bottomBar } from "../../ui/bars";
import { Button } from "../../ui/Button";
import { Dialog } from "../../ui/Dialog";
import { Icon } from "../../ui/Icon";
import type { Conflict, Edit } from "../data/edit";

const Dirty = createContext(new Set<string>());

/** Once around all pages: asks before a page with unsaved changes is left. A router has room for one such guard. */
export function UnsavedProvider({ children }: { children: ReactNode }) {
  const [dirty] = useState(() => new Set<string>());
  const blocker = useBlocker(({ currentLocation, nextLocation }) => dirty.size > 0 && currentLocation.pathname !== nextLocation.pathname);
  useEffect(() => {
    const warn = (event: BeforeUnloadEvent) => {
      if (dirty.size > 0) event.preventDefault();
    };
    window.addEventListener("beforeunload", warn);
    return () => window.removeEventListener("beforeunload", warn);
  }, [dirty]);
  return (
    <Dirty.Provider value={dirty}>
      {children}
      {blocker.state === "blocked" && (
        <Dialog
          title="Leave without saving?"
          open
          onClose={() => blocker.reset()}
          footer={
            <>
              <Button onClick={() => blocker.reset()}>Stay</Button>
              <Button look="danger" onClick={() => blocker.proceed()}>
                Discard changes
              </Button>
            </>
          }
        >
          <p>Your changes on this page aren't saved yet.</p>
        </Dialog>
      )}
    </Dirty.Provider>
  );
}

/** Says whether the page has unsaved changes. Draws nothing. */
export function UnsavedGuard({ dirty }: { dirty: boolean }) {
  const forms = useContext(Dirty);
  const id = useId();
  useEffect(() => {
    if (!dirty) return;
    forms.add(id);
    return () => void forms.delete(id);
  }, [forms, id, dirty]);
  return null;
}

interface BarProps<T> {
  form: Edit<T>;
  /** The verb on the button. */
  save?: string;
  /** Why it can't be saved yet. */
  problem?: string | undefined;
}

/** Save and Discard, at the bottom of the screen while there is something to save, with the reason why the last attempt failed. */
export function EditBar<T>({ form, save = "Save", problem }: BarProps<T>) {
  return (
    <>
      <UnsavedGuard dirty={form.dirty} />
      {form.conflict && <ConflictDialog conflict={form.conflict} busy={form.busy} />}
      {form.dirty && (
        <div ref={bottomBar} className="sticky bottom-4 z-20 mt-5 rounded-xl border border-line bg-surface px-4 py-2.5 shadow-panel">
          {form.failure && (
            <p role="alert" className="-mx-2 mb-2 flex items-center gap-2.5 rounded-lg bg-danger-soft px-3 py-2 text-sm text-danger">
              <Icon name="alert" />
              {form.failure.sentence}
            </p>
          )}
          <div className="flex flex-wrap items-center gap-2">
            <p role="status" className="min-w-0 flex-1 basis-40 text-sm text-muted">
              {problem ?? "Unsaved changes"}
            </p>
            <Button onClick={form.reset}>Discard</Button>
            <Button look="primary" busy={form.busy} disabled={problem !== undefined} onClick={() => void form.save()}>
              {save}
            </Button>
          </div>
        </div>
      )}
    </>
  );
}

/** Someone else saved this in the meantime. */
export function ConflictDialog({ conflict, busy }: { conflict: Conflict; busy: boolean }) {
  return (
    <Dialog
      title="Someone else changed this"
      open
      firm
      onClose={() => undefined}
      footer={
        <>
          <Button onClick={conflict.takeTheirs}>Use theirs</Button>
          <Button look="primary" busy={busy} onClick={conflict.keepMine}>
            Keep mine
          </Button>
        </>
      }
    >
      <p>It was saved by someone else while you were editing. Nothing of yours is lost yet: choose which version stays.</p>
      {conflict.fields.length > 0 && (
        <table className="mt-4 w-full text-start text-sm">
          <thead>
            <tr className="text-xs text-muted">
              <th scope="col" className="py-1 pe-3 text-start font-medium">Field</th>
              <th scope="col" className="py-1 pe-3 text-start font-medium">Theirs</th>
              <th scope="col" className="py-1 text-start font-medium">Yours</th>
            </tr>
          </thead>
          <tbody>
            {conflict.fields.map(({ name, theirs, mine }) => (
              <tr key={name} className="border-t border-line align-top">
                <th scope="row" className="py-1.5 pe-3 text-start font-medium">{inWords(name)}</th>
                <td className="py-1.5 pe-3 break-words">{asText(theirs)}</td>
                <td className="py-1.5 break-words">{asText(mine)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </Dialog>
  );
}

/** `displayName` → `Display name`. */
export function inWords(name: string): string {
  const words = name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`).replaceAll("_", " ").trim();
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** A value of a field, for people. */
export function asText(value: unknown): string {
  if (value === undefined || value === null || value === "") return "–";
  if (typeof value === "string" || typeof value === "number") return String(value);
  if (typeof value === "boolean") return value ? "On" : "Off";
  return JSON.stringify(value, (key, each: unknown) => (key.startsWith("$") ? undefined : typeof each === "bigint" ? each.toString() : each));
}
