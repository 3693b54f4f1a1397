/** A form over something that is stored: what the user changed, whether someone else was quicker, and saving. */

import type { DescMessage, MessageInitShape } from "@bufbuild/protobuf";
import { useCallback, useEffect, useState } from "react";

import type { Failure } from "../../api/errors";
import type { Action } from "./calls";

/** The reasons by which services say that someone else was quicker. */
const CONFLICTS = ["ETAG_MISMATCH", "CHANNEL_CHANGED"];

interface Options<T, I extends DescMessage, O extends DescMessage> {
  /** Of what is stored. */
  etag: string;
  /** Of `useAction`, with `quiet`. */
  action: Action<I, O>;
  request: (value: T, etag: string) => MessageInitShape<I>;
  /** Fetches what is stored again: the `retry` of its query. */
  reread: () => void;
}

export interface Edit<T> {
  value: T;
  set: (change: Partial<T>) => void;
  dirty: boolean;
  busy: boolean;
  /** Of the last attempt, other than a conflict. */
  failure: Failure | undefined;
  /** Someone else saved in the meantime. */
  conflict: Conflict | undefined;
  /** Whether it was saved. */
  save: () => Promise<boolean>;
  reset: () => void;
}

/** The same fields as two people changed them, and the ways out. */
export interface Conflict {
  fields: readonly { name: string; theirs: unknown; mine: unknown }[];
  takeTheirs: () => void;
  keepMine: () => void;
}

/** The fields that the user changed, over what is stored. `T` is a plain object that JSON can hold. */
export function useEdit<T extends object, I extends DescMessage, O extends DescMessage>(stored: T, options: Options<T, I, O>): Edit<T> {
  const { etag, action, request, reread } = options;
  const [changes, setChanges] = useState<Partial<T>>({});
  /** As the user saw it when the first change was made. */
  const [seen, setSeen] = useState<Seen<T>>();
  const value = { ...stored, ...changes };
  const conflicting = CONFLICTS.includes(action.failure?.reason ?? "");
  useEffect(() => {
    if (conflicting) reread();
    // `reread` is new in each render; it is called once for each conflict.
  }, [conflicting]);

  const set = useCallback(
    (change: Partial<T>) => {
      setSeen((known) => known ?? { etag, stored });
      setChanges((others) => ({ ...others, ...change }));
    },
    [etag, stored],
  );
  const forget = () => {
    setChanges({});
    setSeen(undefined);
    action.clear();
  };
  const save = async (over: string) => {
    if ((await action.run(request(value, over))) === undefined) return false;
    // Fields that were changed while this ran stay changed.
    setChanges((now) => unsaved(now, changes));
    setSeen(undefined);
    return true;
  };
  const conflict: Conflict = {
    fields: differing(changes, stored),
    takeTheirs: forget,
    keepMine: () => void save(etag),
  };
  return {
    value,
    set,
    dirty: !same(value, stored),
    busy: action.busy,
    failure: conflicting ? undefined : action.failure,
    conflict: conflicting ? conflict : undefined,
    save: () => save(etagToSave(seen, { etag, stored })),
    reset: forget,
  };
}

interface Seen<T> {
  etag: string;
  stored: T;
}

/**
 * The etag to save with: a save over one that is newer than what the user saw is a conflict, unless its fields are the same. Another
 * part of the page, such as a switch that is stored at once, also makes a new version.
 */
export function etagToSave<T>(seen: Seen<T> | undefined, now: Seen<T>): string {
  return seen === undefined || same(seen.stored, now.stored) ? now.etag : seen.etag;
}

/** The changes of `now` that are not among the saved ones. */
export function unsaved<T extends object>(now: Partial<T>, saved: Partial<T>): Partial<T> {
  return Object.fromEntries(Object.entries(now).filter(([name, value]) => !same(value, saved[name as keyof T]))) as Partial<T>;
}

/** The changed fields whose stored value is another one. */
export function differing<T extends object>(changes: Partial<T>, stored: T): Conflict["fields"] {
  return Object.entries(changes)
    .map(([name, mine]) => ({ name, mine, theirs: stored[name as keyof T] as unknown }))
    .filter(({ mine, theirs }) => !same(mine, theirs));
}

/** Whether two values are the same as JSON, whatever the order of their fields. */
export function same(one: unknown, other: unknown): boolean {
  return JSON.stringify(one, plain) === JSON.stringify(other, plain);
}

function plain(_name: string, value: unknown): unknown {
  if (typeof value === "bigint") return value.toString();
  if (value === null || typeof value !== "object" || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}
