/** The part of the address in which a page keeps its filters and the words that are searched for. */

import { useCallback, useEffect, useMemo, useRef, useState } from "react";
import { useSearchParams } from "react-router";

/** Values by their names in the address; an empty one is left out. */
export type Change<Name extends string = string> = Partial<Record<Name, string>>;

/** The part of an address after `?`, with some values changed. */
export function changed(search: URLSearchParams, change: Change): URLSearchParams {
  const next = new URLSearchParams(search);
  for (const [name, value] of Object.entries(change)) {
    if (value) next.set(name, value);
    else next.delete(name);
  }
  return next;
}

/**
 * Those of our own changes that the address may still come to, in their order: the one it has is the first. An address that is
 * none of ours, such as that of a link or of the Back button, replaces them.
 */
export function pending(ours: readonly string[], address: string): readonly string[] {
  const at = ours.lastIndexOf(address);
  return at < 0 ? [address] : ours.slice(at);
}

/**
 * The part of the address after `?`, and how to change it. A change shows at once, while the router brings it to the address in a
 * later rendering: a field that waited for that would lose what is typed meanwhile. Back returns to what was before a change that
 * does not `replace`.
 */
export function useAddress(): [URLSearchParams, (change: Change, replace?: boolean) => void] {
  const [params, setParams] = useSearchParams();
  const address = params.toString();
  const [shown, setShown] = useState(address);
  const ours = useRef<readonly string[]>([address]);
  useEffect(() => {
    if (!ours.current.includes(address)) setShown(address);
    ours.current = pending(ours.current, address);
  });
  const change = useCallback(
    (change: Change, replace = true) => {
      const next = changed(new URLSearchParams(ours.current.at(-1)), change);
      ours.current = [...ours.current, next.toString()];
      setShown(next.toString());
      setParams(next, { replace });
    },
    [setParams],
  );
  return [useMemo(() => new URLSearchParams(shown), [shown]), change];
}
