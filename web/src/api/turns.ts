/**
 * The tabs of this browser take turns, and each finds in local storage what the ones before it stored.
 *
 * The browser gives a lock to the next tab at once, but brings what was stored to another process in its own time. So each turn
 * has a number, stored last, and holds a second lock named after it for a while: the next turn sees that lock, and waits for the
 * number.
 */

import { local } from "./storage";

/** Longer than a browser takes to bring what was stored to another process. A page with a lock is left out of its cache for Back. */
const TOLD_MS = 2_000;
/** Where storing is refused the number never comes: each tab then has a memory of its own. */
const MAX_WAIT_MS = 1_000;
const LOOK_MS = 10;

/** Runs `work` while no other tab of this browser runs work of the same name. */
export async function exclusively<T>(name: string, work: () => Promise<T>): Promise<T> {
  if (!("locks" in navigator)) return work(); // an http:// page that is not on localhost
  let begun = false;
  const turn = async () => {
    begun = true;
    const last = await followed(name);
    try {
      return await work();
    } finally {
      await told(name, last + 1);
    }
  };
  try {
    return (await navigator.locks.request(name, turn)) as T;
  } catch (error) {
    if (begun) throw error;
    return work(); // locks are refused where site data is blocked; then other tabs have sessions of their own
  }
}

/** Waits until this tab has what the last turn stored; the number of that turn. */
async function followed(name: string): Promise<number> {
  const { held = [] } = await navigator.locks.query();
  const last = Math.max(0, ...held.map((lock) => numberIn(lock.name ?? "", name)));
  const until = Date.now() + MAX_WAIT_MS;
  while (known(name) < last && Date.now() < until) await sleep(LOOK_MS);
  return Math.max(last, known(name));
}

/** Numbers this turn, after everything that it stored. */
function told(name: string, turn: number): Promise<void> {
  local.set(prefix(name), String(turn));
  return new Promise((resolve) => {
    const hold = () => {
      resolve();
      return sleep(TOLD_MS);
    };
    navigator.locks.request(prefix(name) + turn, { mode: "shared" }, hold).catch(() => resolve());
  });
}

function known(name: string): number {
  return Number(local.get(prefix(name))) || 0;
}

function numberIn(lock: string, name: string): number {
  return lock.startsWith(prefix(name)) ? Number(lock.slice(prefix(name).length)) || 0 : 0;
}

function prefix(name: string): string {
  return `${name}:turn:`;
}

function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
