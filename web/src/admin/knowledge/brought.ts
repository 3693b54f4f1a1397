/** Notes of the files that this browser has imported: importing again sends only those that have changed. */

import { local } from "../../api/storage";

/** By document id: the SHA-256 of the content, and the document's etag then. */
type Notes = Record<string, readonly [digest: string, etag: string]>;

const SAVE_MS = 1_000;

export class Brought {
  readonly #key: string;
  readonly #notes: Notes;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(organization: string) {
    this.#key = `frontdesk.imports.${organization}`;
    this.#notes = local.json<Notes>(this.#key) ?? {};
  }

  /** Whether the document is still what was made of this content. */
  isSame(id: string, digest: string, etag: string): boolean {
    const note = this.#notes[id];
    return note !== undefined && note[0] === digest && note[1] === etag;
  }

  note(id: string, digest: string, etag: string): void {
    this.#notes[id] = [digest, etag];
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      local.set(this.#key, JSON.stringify(this.#notes));
    }, SAVE_MS);
  }
}
