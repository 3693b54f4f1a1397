/** Files: announced by RPC, their bytes by plain HTTP at a short link. */

import { Code, ConnectError, createClient, type Transport } from "@connectrpc/connect";
import { MediaService } from "@contracts/channel/v1/media_service_pb";
import type { Media } from "@contracts/channel/v1/media_pb";

import { failure } from "./errors";
import { unary } from "./transport";
import { backoff, pause } from "./watch";

export const MAX_BYTES = 16 * 1024 * 1024;
const TRIES = 4;

export interface Upload {
  transport: Transport;
  /** `organizations/{organization}`. */
  parent: string;
  /** The conversation whose customer may read the file; empty: only agents may. */
  conversation: string;
  file: File;
  /** Makes repeating it harmless. */
  requestId: string;
  signal: AbortSignal;
  /** How many of its bytes are sent. */
  progress: (sent: number) => void;
}

/** Uploads a file and resumes after a broken connection. It may be REJECTED. Throws a ConnectError. */
export async function upload({ transport, parent, conversation, file, requestId, signal, progress }: Upload): Promise<Media> {
  const client = createClient(MediaService, transport);
  const announced = { parent, conversation, requestId, fileName: file.name, declaredType: file.type, sizeBytes: BigInt(file.size) };
  const { media, upload: link } = await client.createMedia(announced, { ...unary, signal });
  if (!media) throw new ConnectError("The answer has no file.", Code.Internal);
  if (link) await send(link.path, file, signal, progress);
  return client.getMedia({ name: media.name }, { ...unary, signal });
}

/** `organizations/{organization}` of a resource's name. */
export function organizationOf(name: string): string {
  return name.split("/").slice(0, 2).join("/");
}

/** The path of a link that shows a file, good for some minutes. */
export async function downloadPath(transport: Transport, media: string): Promise<string> {
  const { download } = await createClient(MediaService, transport).createDownloadLink({ name: media }, unary);
  return download?.path ?? "";
}

/** Waits between looks for a file that is still fetched from a provider, in ms: about two minutes. */
export const LOOKS = [500, 1_000, 2_000, 4_000, 8_000, 15_000, 30_000, 60_000] as const;

/** The path of a link, as soon as the file is there. Throws the failure of the last look, or of a file that will not come. */
export async function awaited(linkTo: (media: string) => Promise<string>, media: string, signal: AbortSignal): Promise<string> {
  for (const look of [...LOOKS, undefined]) {
    try {
      return await linkTo(media);
    } catch (error) {
      const { reason, metadata } = failure(error);
      if (look === undefined || reason !== "MEDIA_NOT_READY" || metadata.state !== "FETCHING" || signal.aborted) throw error;
      await pause(look, signal);
    }
  }
  return "";
}

/** Fetches a file from its provider again. */
export async function refetch(transport: Transport, media: string): Promise<void> {
  await createClient(MediaService, transport).retryMedia({ name: media }, unary);
}

async function send(path: string, file: File, signal: AbortSignal, progress: (sent: number) => void): Promise<void> {
  for (let tries = 1; ; tries += 1) {
    try {
      const start = tries === 1 ? 0 : await offset(path, signal);
      return await put(path, file, start, signal, progress);
    } catch (error) {
      if (signal.aborted || tries === TRIES || ConnectError.from(error).code !== Code.Unavailable) throw error;
      await pause(backoff(tries), signal);
    }
  }
}

async function offset(path: string, signal: AbortSignal): Promise<number> {
  const answer = await fetch(path, { method: "HEAD", signal }).catch(() => undefined);
  if (!answer?.ok) throw new ConnectError("We can't be reached right now.", Code.Unavailable);
  return Number(answer.headers.get("upload-offset") ?? 0);
}

/** By XMLHttpRequest, because `fetch` reports no progress. */
function put(path: string, file: File, start: number, signal: AbortSignal, progress: (sent: number) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    const fails = (code: Code) => reject(new ConnectError("The file couldn't be sent.", code));
    request.open("PUT", path);
    request.setRequestHeader("upload-offset", String(start));
    request.upload.onprogress = ({ loaded }) => progress(start + loaded);
    request.onload = () => (request.status < 300 ? resolve() : fails(isPassing(request.status) ? Code.Unavailable : Code.FailedPrecondition));
    request.onerror = () => fails(Code.Unavailable);
    request.onabort = () => fails(Code.Canceled);
    signal.addEventListener("abort", () => request.abort(), { once: true });
    request.send(file.slice(start));
  });
}

/** Whether the same upload may work from HEAD's offset: a conflict, a slow network, an unavailable store. */
function isPassing(status: number): boolean {
  return status === 408 || status === 409 || status === 429 || status >= 500;
}
