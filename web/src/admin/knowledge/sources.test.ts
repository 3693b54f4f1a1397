import { BlobWriter, TextReader, Uint8ArrayReader, ZipWriter } from "@zip.js/zip.js/index-native.js";
import { expect, test } from "vitest";

import { chosenFiles, documentId, isIgnored, MAX_BYTES, sha256, sourcesOf, unusable, type Source } from "./sources";

async function zipped(members: Record<string, string | Uint8Array>, options: object = {}): Promise<File> {
  const writer = new ZipWriter(new BlobWriter(), { useWebWorkers: false, ...options });
  for (const [name, content] of Object.entries(members)) await writer.add(name, typeof content === "string" ? new TextReader(content) : new Uint8ArrayReader(content));
  return new File([await writer.close()], "help.zip");
}

/** The same file with some bytes of its names and headers replaced: what no honest program packs. */
async function forged(file: File, ...changes: readonly [from: string, to: string][]): Promise<File> {
  let bytes = new TextDecoder("latin1").decode(await file.arrayBuffer());
  for (const [from, to] of changes) bytes = bytes.replaceAll(from, to);
  return new File([Uint8Array.from(bytes, (letter) => letter.charCodeAt(0))], file.name);
}

const of = (file: File) => sourcesOf([{ file, path: "" }]);
const problems = (sources: readonly Source[]) => Object.fromEntries(sources.map(({ path, name, problem }) => [path || name, problem]));

test("a file's path makes the id that `frontdesk import` makes", async () => {
  // by stack/imports/sources.py
  expect(await documentId("returns.md")).toBe("returns-md-70bde06704");
  expect(await documentId("Shipping & Costs/Über uns.md")).toBe("shipping-costs-uber-uns-md-34b6198b1b");
  expect(await documentId("a/b/注文.md")).toBe("a-b-md-6d0c594c77");
  expect(await documentId(`${"x".repeat(80)}/y.txt`)).toBe("xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx-3b186642e6");
});

test("a name that macOS writes in Unicode's form D is the same one", async () => {
  const [composed, decomposed] = ["Über/größe.md", "Über/größe.md"].map((path, form) => path.normalize(form ? "NFD" : "NFC"));
  const inFolders = await sourcesOf([composed!, decomposed!].map((path) => ({ file: new File(["x"], "a.md"), path })));
  expect(inFolders.map(({ path }) => path)).toEqual([composed, composed]);
  const members = await of(await zipped({ [decomposed!]: "x", [composed!]: "y" }));
  expect(members.map(({ path, problem }) => [path, problem])).toEqual([
    [composed, ""],
    [composed, "Its name is in the ZIP file twice. Rename one of them."],
  ]);
});

test("a digest is that of SHA-256", async () => {
  expect(await sha256(new TextEncoder().encode("abc"))).toBe("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
});

test("the members of a ZIP file are read one by one, without the system's own", async () => {
  const sources = await of(await zipped({ "help/returns.md": "# Returns\nWithin 30 days.", "help/größe.csv": "SKU;Size\n1;42", "__MACOSX/help/._returns.md": "x", ".DS_Store": "x" }));
  expect(problems(sources)).toEqual({ "help/returns.md": "", "help/größe.csv": "" });
  const file = await sources[0]!.read();
  expect([file.name, await file.text()]).toEqual(["returns.md", "# Returns\nWithin 30 days."]);
});

test("members that can't be read say why, and the others are read", async () => {
  const secret = await of(await zipped({ "secret.md": "words" }, { password: "pass", encryptionStrength: 3 }));
  expect(problems(secret)).toEqual({ "secret.md": "It is encrypted. Pack it without a password." });
  const plain = await zipped({ "aa/aa/up.md": "x", "bb.md": "x", "cc.md": "y", "dd.exe": "x", "ee.zip": "x", "ff.md": "", "gg.md": "fine", "öö.md": "x" });
  const hostile = await forged(plain, ["aa/aa/up.md", "../../up.md"], ["cc.md", "bb.md"], ["Ã¶Ã¶.md", "\xff\xfe\xff\xfe.md"]);
  const found = await of(hostile);
  expect(found.map(({ name, problem }) => [name, problem])).toEqual([
    ["up.md", "Its name leads out of the ZIP file. Pack the folder again."],
    ["bb.md", ""],
    ["bb.md", "Its name is in the ZIP file twice. Rename one of them."],
    ["dd.exe", unusable({ name: "dd.exe", size: 1 })],
    ["ee.zip", "A ZIP file in a folder or in another ZIP file isn't read. Drop it here on its own."],
    ["ff.md", "This file is empty. Choose one with text."],
    ["gg.md", ""],
    [expect.stringContaining("\ufffd"), "Its name isn't valid UTF-8. Rename it."],
  ]);
});

test("a member that unpacks to more than it says is stopped", async () => {
  const [honest] = await of(await zipped({ "bomb.txt": new Uint8Array(MAX_BYTES + 1) }));
  expect(honest!.problem).toMatch(/more than 16 MB/);
  const size = (bytes: number) => String.fromCharCode(...new Uint8Array(new Uint32Array([bytes]).buffer));
  const [bomb] = await of(await forged(await zipped({ "bomb.txt": new Uint8Array(MAX_BYTES + 1) }), [size(MAX_BYTES + 1), size(9)]));
  expect(bomb!.problem).toBe("");
  await expect(bomb!.read()).rejects.toThrow(/more than 16 MB|damaged/);
});

test("what is no ZIP file, holds nothing or too much is one problem", async () => {
  const whole = await zipped({ "a.md": "x" });
  expect(problems(await of(new File(["no zip"], "help.zip")))).toEqual({ "help.zip": "This file can't be read as a ZIP file. Pack it again." });
  expect(problems(await of(new File([whole.slice(0, -30)], "help.zip")))).toEqual({ "help.zip": "This file can't be read as a ZIP file. Pack it again." });
  expect(problems(await of(await zipped({ ".hidden": "x" })))).toEqual({ "help.zip": "There are no files in this ZIP file." });
  const [damaged] = await of(await forged(await zipped({ "a.md": "some words" }, { level: 0 }), ["some words", "other word"]));
  await expect(damaged!.read()).rejects.toThrow("It is damaged, or packed by an unknown method. Pack it again.");
  const given = Array.from({ length: 10_001 }, (_, n) => ({ file: new File(["x"], `${n}.md`), path: "" }));
  expect(problems(await sourcesOf(given))).toEqual({ "10,001 files": "These are more than 10,000 files. Import their folders one by one." });
});

test("a chosen folder's own name is no part of the paths", () => {
  const file = Object.assign(new File(["x"], "a.md"), { webkitRelativePath: "help/shipping/a.md" });
  const hidden = Object.assign(new File(["x"], "b.md"), { webkitRelativePath: "help/.git/b.md" });
  expect(chosenFiles([file, hidden] as unknown as FileList)).toEqual([{ file, path: "shipping/a.md" }]);
  expect(isIgnored("help/node_modules/x.md")).toBe(true);
});

test("files of other kinds are refused before they are sent", () => {
  const of = (name: string, size = 5) => unusable({ name, size });
  expect(of("help.pdf")).toBe("");
  expect(of("HELP.HTM")).toBe("");
  expect(of("a.md", MAX_BYTES + 1)).toMatch(/16 MB/);
  expect(of("a.md", 0)).toMatch(/empty/);
  expect(of("old.doc")).toMatch(/docx/);
  expect(of("photo.png")).toMatch(/Only PDF/);
});
