/** The form of an Edit: fields, what others have saved meanwhile, and the buttons. */

import { useEffect, useId, useRef, type FormEvent } from "react";

import { useStore } from "../chat/store";
import { Button } from "../ui/Button";
import type { Edit, Values } from "./edit";

export interface Field {
  name: string;
  label: string;
  maxLength?: number;
  pattern?: string;
  hint?: string;
  /** To choose from; without, it is text. */
  options?: readonly { value: number; label: string }[];
}

interface Props {
  edit: Edit;
  /** The changed values in words, such as "name and language". */
  label: string;
  fields: readonly Field[];
  saved: Values;
}

export function EditForm({ edit, label, fields, saved }: Props) {
  const { typed, saving, failure, conflict } = useStore(edit.store);
  const form = useRef<HTMLFormElement>(null);
  useEffect(() => form.current?.querySelector<HTMLElement>("input, select")?.focus(), []);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    void edit.save();
  };
  return (
    <form
      ref={form}
      aria-label={`Edit ${label}`}
      onSubmit={submit}
      onKeyDown={(event) => {
        if (event.key !== "Escape") return;
        event.stopPropagation();
        edit.cancel();
      }}
      className="flex flex-col gap-3"
    >
      {conflict && (
        <p role="alert" className="rounded-xl bg-note px-3 py-2 text-sm text-on-note">
          Someone else changed this while you were editing. Your entries are still here. Save again to replace theirs.
        </p>
      )}
      {failure && (
        <p role="alert" className="rounded-xl bg-danger-soft px-3 py-2 text-sm text-danger">
          {failure.sentence}
        </p>
      )}
      {fields.map((field) => (
        <Row key={field.name} field={field} edit={edit} typed={typed[field.name]} saved={saved[field.name] ?? ""} conflict={conflict} />
      ))}
      <div className="flex gap-2">
        <Button type="submit" look="primary" busy={saving}>
          Save
        </Button>
        <Button onClick={edit.cancel}>Cancel</Button>
      </div>
    </form>
  );
}

interface RowProps {
  field: Field;
  edit: Edit;
  typed: string | undefined;
  saved: string;
  conflict: boolean;
}

function Row({ field: { name, label, hint, options, ...limits }, edit, typed, saved, conflict }: RowProps) {
  const id = useId();
  const theirs = conflict && typed !== undefined && typed !== saved;
  const shared = {
    id,
    value: typed ?? saved,
    "aria-describedby": hint || theirs ? `${id}-hint` : undefined,
    onChange: (event: { target: { value: string } }) => edit.type(name, event.target.value),
    className: "min-h-10 w-full rounded-xl border border-edge bg-paper px-3 text-sm focus-visible:border-accent",
  };
  return (
    <div className="flex flex-col gap-1">
      <label htmlFor={id} className="text-sm font-semibold">
        {label}
      </label>
      {options ? (
        <select {...shared}>
          {options.map(({ value, label: text }) => (
            <option key={value} value={value}>
              {text}
            </option>
          ))}
        </select>
      ) : (
        <input dir="auto" {...limits} title={hint} {...shared} />
      )}
      {(hint || theirs) && (
        <p id={`${id}-hint`} className="text-xs text-muted">
          {theirs ? `Saved by someone else: ${shown(saved, options)}` : hint}
        </p>
      )}
    </div>
  );
}

function shown(value: string, options: Field["options"]): string {
  return options?.find((option) => String(option.value) === value)?.label ?? (value || "nothing");
}
