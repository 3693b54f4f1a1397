/**
 * The files of a folder, a ZIP file or neither, as they can be sent.
 *
 * A ZIP file's members are read in memory, one at a time and bounded, and their names only become ids and titles. So neither a
 * member that unpacks to gigabytes nor one called `../../etc/passwd` does harm. `stack/imports/sources.py` has the same rules.
 */

import type { FileEntry } from "@zip.js/zip.js";

export const MAX_BYTES = 16 * 1024 * 1024;
export const MAX_FILES = 10_000;
/** Of all files of a ZIP file, unpacked. */
const MAX_TOTAL = 2 * 1024 ** 3;
const READABLE = ["txt", "md", "markdown", "html", "htm", "csv", "pdf", "docx"];
const IGNORED = new Set(["__MACOSX", "Thumbs.db", "desktop.ini", "node_modules"]);
const TOO_LARGE = "This file has more than 16 MB. Split it, or make its pictures smaller.";
const EMPTY = "This file is empty. Choose one with text.";
const [FORMAT_BITS, LINK] = [0o170000, 0o120000];

/** A file to send. */
export interface Source {
  name: string;
  /** Below its folder or in its ZIP file, with slashes, in Unicode's form C: it makes the document's id. Empty: a file on its own. */
  path: string;
  /** In bytes, as far as it is known before it is read. */
  size: number;
  /** Why it needn't be sent at all; empty: it may be good. */
  problem: string;
  /** Rejects with a sentence. */
  read: () => Promise<File>;
}

/** A file as it was dropped or chosen; `path` is empty outside of folders. */
export interface Given {
  file: File;
  path: string;
}

/** The files of what was given. A ZIP file that can't be opened is one with a problem. */
export async function sourcesOf(given: readonly Given[]): Promise<Source[]> {
  const found: Source[] = [];
  for (const { file, path } of given) {
    if (path === "" && endingOf(file.name) === "zip") found.push(...(await membersOf(file)));
    else found.push({ name: file.name, path: path.normalize("NFC"), size: file.size, problem: unusable(file), read: () => Promise.resolve(file) });
  }
  if (found.length <= MAX_FILES) return found;
  return [broken(`${found.length.toLocaleString("en")} files`, "These are more than 10,000 files. Import their folders one by one.")];
}

/** Why a file needn't be sent at all; empty: it may be good. */
export function unusable({ name, size }: { name: string; size: number }): string {
  const ending = endingOf(name);
  if (size === 0) return EMPTY;
  if (size > MAX_BYTES) return TOO_LARGE;
  if (ending === "zip") return "A ZIP file in a folder or in another ZIP file isn't read. Drop it here on its own.";
  if (ending === "doc") return "Old Word files aren't read. Save it as .docx or PDF.";
  if (!READABLE.includes(ending)) return "Only PDF, Word (.docx), text, Markdown, HTML and CSV are read. Save it as one of these.";
  return "";
}

/** The id of the document of a file in a folder or ZIP file: the same path has the same one, as `frontdesk import` makes it. */
export async function documentId(path: string): Promise<string> {
  const ascii = path.toLowerCase().normalize("NFKD").replace(/[^\p{ASCII}]/gu, "");
  const slug = ascii.replace(/[^a-z0-9]+/g, "-").replace(/^-+|-+$/g, "").slice(0, 50).replace(/-+$/, "") || "file";
  return `${slug}-${(await sha256(new TextEncoder().encode(path))).slice(0, 10)}`;
}

/** In hexadecimal. Browsers' own one is missing on http:// pages that are not on localhost. */
export async function sha256(bytes: Uint8Array): Promise<string> {
  const { sha256: digest } = await import("@noble/hashes/sha2.js");
  return [...digest(bytes)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** Whether a path leads to the system's own files, which no one means to import. */
export function isIgnored(path: string): boolean {
  return path.split("/").some((part) => IGNORED.has(part) || (part.startsWith(".") && part !== "." && part !== ".."));
}

async function membersOf(file: File): Promise<Source[]> {
  const zip = await import("@zip.js/zip.js/index-native.js");
  zip.configure({ useWebWorkers: false });
  const reader = new zip.ZipReader(new zip.BlobReader(file));
  const found: Source[] = [];
  const seen = new Set<string>();
  let total = 0;
  try {
    // One bad name would hide all other members from us: `suspicious` looks at each.
    for await (const entry of reader.getEntriesGenerator({ filenameValidation: "tolerant" })) {
      if (entry.directory || isIgnored(entry.filename)) continue;
      const path = entry.filename.normalize("NFC"); // macOS may write the same name in form D
      const again = seen.has(path) ? "Its name is in the ZIP file twice. Rename one of them." : "";
      seen.add(path);
      total += entry.uncompressedSize;
      if (found.length >= MAX_FILES) return [broken(file.name, "This ZIP file has more than 10,000 files. Pack its folders one by one.")];
      if (total > MAX_TOTAL) return [broken(file.name, "This ZIP file unpacks to more than 2 GB. Split it into several.")];
      found.push({
        name: entry.filename.slice(entry.filename.lastIndexOf("/") + 1) || entry.filename || "(no name)",
        path,
        size: entry.uncompressedSize,
        problem: suspicious(entry) || again || unusable({ name: entry.filename, size: entry.uncompressedSize }),
        read: () => memberOf(entry),
      });
    }
  } catch {
    return [broken(file.name, "This file can't be read as a ZIP file. Pack it again.")];
  }
  return found.length > 0 ? found : [broken(file.name, "There are no files in this ZIP file.")];
}

/** Why a member of a ZIP file isn't read; empty: it is. */
function suspicious({ filename, encrypted, externalFileAttributes }: FileEntry): string {
  if (!filename) return "It has no name. Pack the folder again.";
  if (filename.includes("\ufffd")) return "Its name isn't valid UTF-8. Rename it.";
  if (filename.startsWith("/") || filename.split("/").includes("..") || /[\\:\0]/.test(filename)) return "Its name leads out of the ZIP file. Pack the folder again.";
  if (((externalFileAttributes >>> 16) & FORMAT_BITS) === LINK) return "It is a link. Pack the file itself.";
  if (encrypted) return "It is encrypted. Pack it without a password.";
  return "";
}

async function memberOf(entry: FileEntry): Promise<File> {
  const parts: Uint8Array<ArrayBuffer>[] = [];
  let size = 0;
  const bounded = new WritableStream<Uint8Array<ArrayBuffer>>({
    write: (part) => {
      size += part.byteLength; // its header may lie about its size
      if (size > MAX_BYTES) throw new Error(TOO_LARGE);
      parts.push(part.slice());
    },
  });
  try {
    await entry.getData(bounded, { checkSignature: true, useWebWorkers: false });
  } catch {
    throw new Error(size > MAX_BYTES ? TOO_LARGE : "It is damaged, or packed by an unknown method. Pack it again.");
  }
  if (size === 0) throw new Error(EMPTY);
  return new File(parts, entry.filename.slice(entry.filename.lastIndexOf("/") + 1));
}

function broken(name: string, problem: string): Source {
  return { name, path: "", size: 0, problem, read: () => Promise.reject(new Error(problem)) };
}

function endingOf(name: string): string {
  return name.includes(".") ? name.slice(name.lastIndexOf(".") + 1).toLowerCase() : "";
}

/** The files that were chosen by a field; with a folder's, paths below it. */
export function chosenFiles(list: FileList | null): Given[] {
  return [...(list ?? [])].map((file) => ({ file, path: file.webkitRelativePath.split("/").slice(1).join("/") })).filter(({ file, path }) => !isIgnored(path || file.name));
}

/** All files of what was dropped. The path of a file in a folder begins below it; with several folders, with its name. */
export async function droppedFiles(transfer: DataTransfer): Promise<Given[]> {
  const entries = [...transfer.items].map((item) => item.webkitGetAsEntry?.() ?? null);
  if (entries.every((entry) => entry === null || entry.isFile)) return [...transfer.files].map((file) => ({ file, path: "" }));
  const folders = entries.filter((entry) => entry?.isDirectory).length;
  const found = await Promise.all(entries.map((entry) => (entry ? filesOf(entry, entry.isDirectory && folders > 1 ? entry.name : "") : [])));
  return found.flat().filter(({ file, path }) => !isIgnored(path || file.name));
}

async function filesOf(entry: FileSystemEntry, path: string): Promise<Given[]> {
  if (entry.isFile) return [{ file: await new Promise<File>((resolve, reject) => (entry as FileSystemFileEntry).file(resolve, reject)), path }];
  const reader = (entry as FileSystemDirectoryEntry).createReader();
  const children: FileSystemEntry[] = [];
  for (;;) {
    // A reader gives some at a time, and none at the end.
    const some = await new Promise<FileSystemEntry[]>((resolve, reject) => reader.readEntries(resolve, reject));
    if (some.length === 0) break;
    children.push(...some);
  }
  const named = children.filter(({ name }) => !isIgnored(name));
  return (await Promise.all(named.map((child) => filesOf(child, path ? `${path}/${child.name}` : child.name)))).flat();
}
