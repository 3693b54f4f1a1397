/**
 * The session that all tabs of this browser share: its refresh token, in local storage. A refresh token works once, so the tabs
 * take turns (`exclusively`), and each finds the token that the one before stored.
 */

import { local } from "../api/storage";

const KEY = "frontdesk:session";
/** The server repeats its answer to a token for 10 s; presented later, a used token is a stolen one and ends the session. */
const REPEATED_MS = 8_000;

interface Kept {
  refreshToken: string;
  /** `organizations/{organization}/users/{user}`. */
  user: string;
  /** When a tab presented the token, by this machine's clock, while the answer is not there. */
  presented?: number;
}

/** `left`: the user signed out. `ended`: the server refused the session. `kept`: a sign-in, or a new token. `presented`: see above. */
export type SessionChange = { kind: "left" | "ended" | "presented" } | { kind: "kept"; user: string };

export class SharedSession {
  get(): Kept | undefined {
    const kept = local.json<Partial<Kept>>(KEY);
    return typeof kept?.refreshToken === "string" ? { ...kept, refreshToken: kept.refreshToken, user: kept.user ?? "" } : undefined;
  }

  /** Calls back when another tab changed the session. */
  onChange(changed: (change: SessionChange) => void): void {
    window.addEventListener("storage", (event) => {
      if (event.key !== KEY && event.key !== null) return; // null: everything was cleared
      const kept = this.get();
      if (kept) changed(kept.presented === undefined ? { kind: "kept", user: kept.user } : { kind: "presented" });
      else changed({ kind: local.get(KEY) === null ? "ended" : "left" });
    });
  }

  /** The token to present now; undefined without a session, and where it may be too late to learn what became of the token. */
  take(): string | undefined {
    const kept = this.get();
    if (!kept) return undefined;
    if (kept.presented !== undefined && Date.now() - kept.presented > REPEATED_MS) {
      this.end(kept.refreshToken);
      return undefined;
    }
    this.#set({ ...kept, presented: kept.presented ?? Date.now() });
    return kept.refreshToken;
  }

  /** The answer is that the token was not exchanged: it may be presented again. */
  refused(refreshToken: string): void {
    const kept = this.get();
    if (kept?.refreshToken === refreshToken) this.#set({ refreshToken, user: kept.user });
  }

  /** Stores the token of a sign-in, or the one in the place of `before`. False: meanwhile someone signed out, or in. */
  keep(refreshToken: string, user: string, before?: string): boolean {
    if (before !== undefined && this.get()?.refreshToken !== before) return false;
    this.#set({ refreshToken, user });
    return true;
  }

  /** The server refused this token. */
  end(refreshToken: string): void {
    if (this.get()?.refreshToken === refreshToken) local.remove(KEY);
  }

  /** The user signs out of all tabs. */
  leave(): void {
    local.set(KEY, "{}");
  }

  #set(kept: Kept): void {
    local.set(KEY, JSON.stringify(kept));
  }
}
