/** Files that the user is about to send: uploaded at once, sent with the next message. */

import { AttachmentKind } from "@contracts/core/v1/content_pb";
import { MediaState, type Media } from "@contracts/channel/v1/media_pb";

import { failure } from "../api/errors";
import { MAX_BYTES } from "../api/media";
import { t } from "../i18n";
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
  /** Address at which a recorded voice message can be heard before it is sent. */
  sound?: string | undefined;
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

  /** `kind`: of files whose bytes do not say it, such as a recorded voice message. */
  add(files: Iterable<File>, kind?: AttachmentKind): void {
    for (const file of files) void this.#add(file, kind);
  }

  remove = (id: string): void => {
    this.#ends.get(id)?.abort();
    this.#ends.delete(id);
    const { sound } = this.store.get().files.find((file) => file.id === id) ?? {};
    if (sound) URL.revokeObjectURL(sound);
    this.store.set({ files: this.store.get().files.filter((file) => file.id !== id) });
  };

  /** Takes the uploaded files for sending; empties the list. */
  take(): DraftFile[] {
    const taken = this.store.get().files.flatMap(({ done }) => (done ? [done] : []));
    for (const { id } of this.store.get().files) this.remove(id);
    return taken;
  }

  async #add(file: File, kind: AttachmentKind | undefined): Promise<void> {
    const id = newId();
    const full = this.store.get().files.length >= MAX_FILES;
    const problem = full ? t("files.tooMany", { limit: MAX_FILES }) : problemOf(file);
    const sound = kind === AttachmentKind.VOICE ? URL.createObjectURL(file) : undefined;
    this.store.set({ files: [...this.store.get().files, { id, name: file.name, part: 0, problem, sound }] });
    if (problem) return;
    const end = new AbortController();
    this.#ends.set(id, end);
    const turn = this.#last.then(() => this.#send(id, file, kind, end));
    this.#last = turn;
    await turn;
  }

  async #send(id: string, file: File, kind: AttachmentKind | undefined, end: AbortController): Promise<void> {
    if (end.signal.aborted) return;
    try {
      const media = await this.upload(file, id, end.signal, (sent) => this.#update(id, { part: sent / file.size }));
      const isKept = media.state === MediaState.READY;
      this.#update(id, isKept ? { part: 1, done: draftFile(media, kind) } : { problem: t("files.kind") });
    } catch (error) {
      if (!end.signal.aborted) this.#update(id, { problem: failure(error).sentence });
    }
  }

  #update(id: string, change: Partial<Uploading>): void {
    this.store.set({ files: this.store.get().files.map((file) => (file.id === id ? { ...file, ...change } : file)) });
  }
}

function problemOf(file: File): string | undefined {
  if (file.size === 0) return t("files.empty");
  return file.size > MAX_BYTES ? t("files.tooLarge", { limit: "16 MB" }) : undefined;
}

function draftFile({ name, fileName, mediaType, sizeBytes }: Media, kind = kindOf(mediaType)): DraftFile {
  return { media: name, kind, fileName, mediaType, sizeBytes: Number(sizeBytes) };
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
