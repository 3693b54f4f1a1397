/**
 * Device tokens, by sign-in: with one, this browser can sign in while strangers' failed attempts are refused. A token gives
 * access to nothing.
 */

import { local } from "../api/storage";

const KEY = "frontdesk:devices";
const MAX_SIGN_INS = 10;

function read(): Record<string, unknown> {
  const kept = local.json<unknown>(KEY);
  return typeof kept === "object" && kept !== null ? { ...kept } : {};
}

/** The device token of a sign-in, such as `demo/agent@example.com`; empty if there is none. */
export function deviceToken(signIn: string): string {
  const token = read()[signIn];
  return typeof token === "string" ? token : "";
}

/** Keeps the device token of a sign-in, and deletes the least recently used ones. */
export function rememberDevice(signIn: string, token: string): void {
  const others = Object.entries(read()).filter(([name]) => name !== signIn);
  const kept = [...others, [signIn, token]].slice(-MAX_SIGN_INS);
  local.set(KEY, JSON.stringify(Object.fromEntries(kept)));
}
