/** Canned replies above the text field: found while the agent types `/`, and a form that keeps a new one. */

import { useEffect, useId, useState, type FormEvent } from "react";

import { useStore } from "../chat/store";
import { Button } from "../ui/Button";
import { filled, matching, placeOf, wantedOf, type CannedReplies, type Filling } from "./canned";

interface Props {
  canned: CannedReplies;
  text: string;
  /** The name of the reply that Enter takes; the first one if it isn't shown. */
  chosen: string;
  filling: Filling;
  replace: (text: string) => void;
}

export function CannedPicker({ canned, text, chosen: picked, filling, replace }: Props) {
  const wanted = wantedOf(text);
  const { replies, loaded, failure } = useStore(canned.store);
  const [adding, setAdding] = useState(false);
  const asked = wanted !== undefined;
  useEffect(() => {
    if (asked) canned.need();
  }, [asked, canned]);
  if (adding) return <NewReply canned={canned} close={() => setAdding(false)} />;
  if (!asked) return null;
  const found = matching(replies, wanted);
  const place = placeOf(found, picked);
  const chosen = found[place];
  return (
    <section aria-label="Canned replies" className="mb-2 rounded-2xl border border-line bg-surface p-1.5 shadow-card">
      {failure && <p className="px-2 py-1 text-sm text-danger">{failure.sentence}</p>}
      {!loaded && !failure && <p className="px-2 py-1 text-sm text-muted">Loading canned replies…</p>}
      {loaded && found.length === 0 && <p className="px-2 py-1 text-sm text-muted">{replies.length === 0 ? "No canned replies yet." : `No canned reply has “${wanted}”. The button sends the text as it is.`}</p>}
      <ul>
        {found.map((reply) => (
          <li key={reply.name}>
            <button
              type="button"
              aria-current={reply === chosen}
              onClick={() => replace(filled(reply.text, filling))}
              className={`w-full rounded-xl px-2.5 py-1.5 text-start hover:bg-sunken ${reply === chosen ? "bg-soft" : ""}`}
            >
              <span className="text-sm font-semibold">/{reply.shortcut}</span>
              <span dir="auto" className={`block text-[0.83rem] text-muted ${reply === chosen ? "max-h-40 overflow-y-auto whitespace-pre-wrap" : "truncate"}`}>
                {filled(reply.text, filling)}
              </span>
            </button>
          </li>
        ))}
      </ul>
      <div className="flex items-center justify-between gap-2 px-1 pt-1 text-xs text-muted">
        <span role="status">
          {chosen && <span className="sr-only">{`/${chosen.shortcut}, ${place + 1} of ${found.length}. `}</span>}
          {chosen && "↑ and ↓ choose, Enter inserts"}
        </span>
        <Button look="quiet" icon="plus" className="min-h-8 px-2.5 text-xs" onClick={() => setAdding(true)}>
          New canned reply
        </Button>
      </div>
    </section>
  );
}

function NewReply({ canned, close }: { canned: CannedReplies; close: () => void }) {
  const { failure } = useStore(canned.store);
  const [shortcut, setShortcut] = useState("");
  const [text, setText] = useState("");
  const [busy, setBusy] = useState(false);
  const id = useId();
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    event.stopPropagation();
    setBusy(true);
    const done = await canned.add(shortcut.trim(), text.trim());
    setBusy(false);
    if (done) close();
  };
  const field = "w-full rounded-xl border border-edge bg-paper px-3 py-1.5 text-sm focus-visible:border-accent";
  return (
    // A form inside the composer's form is not allowed in HTML: this one is a group with a button of its own.
    <div role="group" aria-label="New canned reply" className="mb-2 flex flex-col gap-2 rounded-2xl border border-line bg-surface p-3 shadow-card">
      {failure && (
        <p role="alert" className="text-sm text-danger">
          {failure.sentence}
        </p>
      )}
      <label htmlFor={`${id}-shortcut`} className="text-sm font-semibold">
        Shortcut
      </label>
      <input id={`${id}-shortcut`} autoFocus value={shortcut} maxLength={63} placeholder="refund" onChange={(event) => setShortcut(event.target.value.toLowerCase())} className={field} />
      <label htmlFor={`${id}-text`} className="text-sm font-semibold">
        Text
      </label>
      <textarea id={`${id}-text`} dir="auto" rows={3} value={text} maxLength={16_000} onChange={(event) => setText(event.target.value)} className={field} />
      <p className="text-xs text-muted">
        Agents find it by typing / and its shortcut: lower-case letters, digits and dashes. {"{customer}"} and {"{agent}"} become their names.
      </p>
      <div className="flex gap-2">
        <Button look="primary" busy={busy} disabled={!/^[a-z0-9][a-z0-9-]{0,62}$/.test(shortcut.trim()) || text.trim() === ""} onClick={(event) => void submit(event)}>
          Save
        </Button>
        <Button onClick={close}>Cancel</Button>
      </div>
    </div>
  );
}
