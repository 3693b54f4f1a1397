/** Files on their way to becoming documents: some at once, each with its progress and, if it fails, a sentence. */

import { Store } from "../../chat/store";
import { documentId, sha256, type Source } from "./sources";

const AT_ONCE = 3;

export interface Sending {
  id: string;
  name: string;
  size: number;
  sent: number;
  /** `unchanged`: an import found the document as it left it. `asking`: it would replace a document, and waits for a yes. */
  state: "waiting" | "sending" | "asking" | "done" | "unchanged" | "failed";
  problem: string;
  /** The document that was made of it. */
  document: string;
}

/** A document as it is stored now. */
export interface Stored {
  name: string;
  etag: string;
}

/** The calls that make a document of a file. Each rejects with a sentence. */
export interface Sender {
  /** Stores the bytes; the upload's name. */
  upload: (file: File, progress: (sent: number) => void, signal: AbortSignal) => Promise<string>;
  /** Makes a document of an upload. The same `requestId` makes one document, however often it is called. No `id`: a new one. */
  create: (upload: string, requestId: string, id?: string) => Promise<Stored>;
  /** The document with an id, if there is one. */
  find: (id: string) => Promise<Stored | undefined>;
  /** Replaces a document's content. */
  update: (document: Stored, upload: string) => Promise<Stored>;
}

/** Notes of earlier imports. */
export interface Known {
  isSame: (id: string, digest: string, etag: string) => boolean;
  note: (id: string, digest: string, etag: string) => void;
}

/** A queue of files. */
export class Uploads {
  readonly store = new Store<{ files: readonly Sending[] }>({ files: [] });
  readonly #sender: Sender;
  readonly #known: Known;
  readonly #sources = new Map<string, Source>();
  readonly #running = new Map<string, AbortController>();
  /** The files that may replace a document. */
  readonly #allowed = new Set<string>();
  #next = 0;

  constructor(sender: Sender, known: Known) {
    this.#sender = sender;
    this.#known = known;
  }

  add(sources: readonly Source[]): void {
    const made = sources.map((source) => {
      const id = `${Date.now().toString(36)}-${this.#next++}`;
      this.#sources.set(id, source);
      const { name, path, size, problem } = source;
      return { id, name: path || name, size, sent: 0, state: problem ? "failed" : "waiting", problem, document: "" } as const;
    });
    this.store.set({ files: [...made, ...this.store.get().files] });
    this.#advance();
  }

  /** Whether it may succeed when it is tried again: its problem isn't known from the start. */
  canRetry(id: string): boolean {
    return this.#sources.get(id)?.problem === "";
  }

  retry(id: string): void {
    this.#change(id, { state: "waiting", problem: "", sent: 0 });
    this.#advance();
  }

  /** Stops a file and takes it off the list. Its document stays, if there is one already. */
  dismiss(id: string): void {
    this.#running.get(id)?.abort();
    this.#sources.delete(id);
    this.#allowed.delete(id);
    this.store.set({ files: this.store.get().files.filter((each) => each.id !== id) });
  }

  /** Lets all files that ask for it replace their documents. */
  replace(): void {
    for (const { id } of this.#asking()) {
      this.#allowed.add(id);
      this.#change(id, { state: "waiting" });
    }
    this.#advance();
  }

  /** Takes all files off the list that ask to replace a document. */
  keepDocuments(): void {
    for (const { id } of this.#asking()) this.dismiss(id);
  }

  #asking(): readonly Sending[] {
    return this.store.get().files.filter(({ state }) => state === "asking");
  }

  /** Takes those off the list that are done. */
  clear(): void {
    this.store.set({ files: this.store.get().files.filter((file) => !isDone(file)) });
  }

  #advance(): void {
    const waiting = this.store.get().files.filter(({ state }) => state === "waiting").reverse();
    for (const { id } of waiting.slice(0, AT_ONCE - this.#running.size)) void this.#send(id);
  }

  async #send(id: string): Promise<void> {
    const source = this.#sources.get(id);
    if (!source) return;
    const control = new AbortController();
    this.#running.set(id, control);
    this.#change(id, { state: "sending" });
    try {
      const done = await (source.path ? this.#import(id, source, control.signal) : this.#create(id, source, control.signal));
      this.#change(id, done);
      if (done.state === "asking") return;
      this.#sources.delete(id);
      this.#allowed.delete(id);
    } catch (error) {
      if (!control.signal.aborted) this.#change(id, { state: "failed", problem: error instanceof Error ? error.message : String(error) });
    } finally {
      this.#running.delete(id);
      this.#advance();
    }
  }

  async #create(id: string, source: Source, signal: AbortSignal): Promise<Partial<Sending>> {
    const file = await source.read();
    const made = await this.#sender.create(await this.#upload(id, file, signal), id);
    return { state: "done", sent: file.size, document: made.name };
  }

  /**
   * Makes or changes the document that the file's path names; none if it has the same content already. It asks before it changes
   * one: the path begins below the folder, so the document may come from a file of the same path in another folder.
   */
  async #import(id: string, source: Source, signal: AbortSignal): Promise<Partial<Sending>> {
    const file = await source.read();
    const [place, digest] = await Promise.all([documentId(source.path), file.arrayBuffer().then((bytes) => sha256(new Uint8Array(bytes)))]);
    const there = await this.#sender.find(place);
    if (there && this.#known.isSame(place, digest, there.etag)) return { state: "unchanged", sent: file.size, document: there.name };
    if (there && !this.#allowed.has(id)) return { state: "asking" };
    const upload = await this.#upload(id, file, signal);
    const made = await (there ? this.#sender.update(there, upload) : this.#sender.create(upload, `import-${place.slice(-10)}-${digest.slice(0, 32)}`, place));
    this.#known.note(place, digest, made.etag);
    return { state: "done", sent: file.size, document: made.name };
  }

  #upload(id: string, file: File, signal: AbortSignal): Promise<string> {
    signal.throwIfAborted(); // it was taken off the list while it was read
    return this.#sender.upload(file, (sent) => this.#change(id, { sent }), signal);
  }

  #change(id: string, change: Partial<Sending>): void {
    this.store.set({ files: this.store.get().files.map((each) => (each.id === id ? { ...each, ...change } : each)) });
  }
}

export function isDone({ state }: Sending): boolean {
  return state === "done" || state === "unchanged";
}
