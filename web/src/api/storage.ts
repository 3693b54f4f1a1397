/** Values kept in the browser. Where it refuses (blocked site data, no space left) the page keeps them until it is closed. */

class Kept {
  readonly #memory = new Map<string, string>();

  /** `area` throws where site data is blocked. */
  constructor(private readonly area: () => Storage) {}

  get(key: string): string | null {
    const remembered = this.#memory.get(key);
    if (remembered !== undefined) return remembered;
    try {
      return this.area().getItem(key);
    } catch {
      return null;
    }
  }

  set(key: string, value: string): void {
    try {
      this.area().setItem(key, value);
      this.#memory.delete(key);
    } catch {
      this.#memory.set(key, value);
    }
  }

  remove(key: string): void {
    this.#memory.delete(key);
    try {
      this.area().removeItem(key);
    } catch {
      // It kept nothing.
    }
  }

  /** The JSON value under a key; undefined when there is none. */
  json<T>(key: string): T | undefined {
    try {
      return (JSON.parse(this.get(key) ?? "null") as T | null) ?? undefined;
    } catch {
      return undefined;
    }
  }
}

/** Shared by all tabs of this browser, until the user clears it. */
export const local = new Kept(() => window.localStorage);

/** This tab's own; a reload finds it again. */
export const tab = new Kept(() => window.sessionStorage);
