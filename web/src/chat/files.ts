/** Files that the user is about to send: uploaded at once, sent with the next message. */

import { AttachmentKind } from "@contracts/core/v1/content_pb";
import { MediaState, type Media } from "@contracts/channel/v1/media_pb";

import { failure } from "../api/errors";
import { MAX_BYTES } from "../api/media";
import { newId } from "./outbox";
import { Store } from "./store";

/** A file that is uploaded, as a message carries it and as a draft is kept over a reload. */
export interface DraftFile {
  media: string;
  kind: AttachmentKind;
  fileName: string;
  mediaType: string;
  sizeBytes: number;
}

/** A file on its way up. */
export interface Uploading {
  id: string;
  name: string;
  /** From 0 to 1. */
  part: number;
  /** Why it can't be sent. */
  problem?: string | undefined;
  done?: DraftFile | undefined;
}

export type UploadFile = (file: File, requestId: string, signal: AbortSignal, progress: (sent: number) => void) => Promise<Media>;

/** A message has at most 20 parts, and its text is one. */
const MAX_FILES = 19;

export class Files {
  readonly store = new Store<{ files: readonly Uploading[] }>({ files: [] });
  readonly #ends = new Map<string, AbortController>();
  /** One after the other: the service bounds how many are unfinished. */
  #last: Promise<unknown> = Promise.resolve();

  constructor(private readonly upload: UploadFile) {}

  add(files: Iterable<File>): void {
    for (const file of files) void this.#add(file);
  }

  remove = (id: string): void => {
    this.#ends.get(id)?.abort();
    this.#ends.delete(id);
    this.store.set({ files: this.store.get().files.filter((file) => file.id !== id) });
  };

  /** Takes the uploaded files for sending; empties the list. */
  take(): DraftFile[] {
    const taken = this.store.get().files.flatMap(({ done }) => (done ? [done] : []));
    for (const { id } of this.store.get().files) this.remove(id);
    return taken;
  }

  async #add(file: File): Promise<void> {
    const id = newId();
    const full = this.store.get().files.length >= MAX_FILES;
    const problem = full ? `At most ${MAX_FILES} files fit into one message.` : problemOf(file);
    this.store.set({ files: [...this.store.get().files, { id, name: file.name, part: 0, problem }] });
    if (problem) return;
    const end = new AbortController();
    this.#ends.set(id, end);
    const turn = this.#last.then(() => this.#send(id, file, end));
    this.#last = turn;
    await turn;
  }

  async #send(id: string, file: File, end: AbortController): Promise<void> {
    if (end.signal.aborted) return;
    try {
      const media = await this.upload(file, id, end.signal, (sent) => this.#update(id, { part: sent / file.size }));
      const isKept = media.state === MediaState.READY;
      this.#update(id, isKept ? { part: 1, done: draftFile(media) } : { problem: "You can't send files of this kind." });
    } catch (error) {
      if (!end.signal.aborted) this.#update(id, { problem: failure(error).sentence });
    }
  }

  #update(id: string, change: Partial<Uploading>): void {
    this.store.set({ files: this.store.get().files.map((file) => (file.id === id ? { ...file, ...change } : file)) });
  }
}

function problemOf(file: File): string | undefined {
  if (file.size === 0) return "This file is empty.";
  return file.size > MAX_BYTES ? "Files can have at most 16 MB." : undefined;
}

function draftFile({ name, fileName, mediaType, sizeBytes }: Media): DraftFile {
  return { media: name, kind: kindOf(mediaType), fileName, mediaType, sizeBytes: Number(sizeBytes) };
}

/** The kind in which a file is shown. The service has determined its type from the bytes. */
export function kindOf(mediaType: string): AttachmentKind {
  if (/^image\/(png|jpeg|gif|webp)$/.test(mediaType)) return AttachmentKind.IMAGE;
  if (mediaType.startsWith("audio/")) return AttachmentKind.AUDIO;
  return mediaType.startsWith("video/") ? AttachmentKind.VIDEO : AttachmentKind.UNSPECIFIED;
}

/** A message's content: its text, if there is one, and its files. */
export function contentOf(text: string, files: readonly DraftFile[]) {
  const words = text === "" ? [] : [{ part: { case: "text" as const, value: text } }];
  const attached = files.map((file) => ({ part: { case: "attachment" as const, value: { ...file, sizeBytes: BigInt(file.sizeBytes) } } }));
  return { parts: [...words, ...attached] };
}
