/** Keeps an access token fresh: one refresh at a time, a minute before it ends. */

/** An access token and when it ends by this machine's clock, in ms. */
export interface Bearer {
  token: string;
  expires: number;
}

const EARLY_MS = 60_000;
const FALLBACK_LIFE_MS = 5 * 60_000;

/** Returns the end of a token by *this* machine's clock, which may differ from the server's: its life counts from now. */
export function bearer(token: string, now: number = Date.now()): Bearer {
  const { iat, exp } = claims(token);
  const life = iat !== undefined && exp !== undefined ? (exp - iat) * 1000 : FALLBACK_LIFE_MS;
  return { token, expires: now + life };
}

/** Whom a token is about; empty for no token. */
export function subjectOf(token: string): string {
  return claims(token).sub ?? "";
}

/** The permissions of a token's bearer. The services decide; this only hides buttons that they would refuse. */
export function permissionsOf(token: string): readonly string[] {
  const { permissions } = claims(token);
  return Array.isArray(permissions) ? permissions.map(String) : [];
}

export function may(permissions: readonly string[], permission: string): boolean {
  return permissions.includes(permission) || permissions.includes("*");
}

interface Claims {
  iat?: number;
  exp?: number;
  sub?: string;
  permissions?: unknown;
}

function claims(token: string): Claims {
  try {
    const body = (token.split(".")[1] ?? "").replaceAll("-", "+").replaceAll("_", "/");
    return JSON.parse(atob(body)) as Claims;
  } catch {
    return {};
  }
}

/** Hands out a token that is good for at least a minute, and asks `refresh` for a new one when it is not. */
export class Bearers {
  #current: Bearer | undefined;
  #running: Promise<Bearer> | undefined;

  constructor(private readonly refresh: () => Promise<Bearer>) {}

  /** Accepts a token from elsewhere, such as from signing in. */
  set(current: Bearer): void {
    this.#current = current;
  }

  /** Forgets the token because a server refused it. A newer one than `refused` stays. */
  drop(refused?: string): void {
    if (refused === undefined || this.#current?.token === refused) this.#current = undefined;
  }

  async get(): Promise<string> {
    if (this.#current && this.#current.expires - EARLY_MS > Date.now()) return this.#current.token;
    this.#running ??= this.refresh().finally(() => {
      this.#running = undefined;
    });
    this.#current = await this.#running;
    return this.#current.token;
  }
}
