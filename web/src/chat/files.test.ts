import { create } from "@bufbuild/protobuf";
import { Code, ConnectError } from "@connectrpc/connect";
import { MediaSchema, MediaState } from "@contracts/channel/v1/media_pb";
import { AttachmentKind } from "@contracts/core/v1/content_pb";
import { expect, it } from "vitest";

import { contentOf, Files, kindOf, type UploadFile } from "./files";

const file = (name: string, size = 3) => new File(["x".repeat(size)], name);
const stored: UploadFile = async ({ name, size }) =>
  create(MediaSchema, { state: MediaState.READY, name: `organizations/acme/media/${name}`, fileName: name, mediaType: "image/png", sizeBytes: BigInt(size) });

it("uploads at once, and hands over what is uploaded", async () => {
  const files = new Files(stored);
  files.add([file("a.png"), file("b.png")]);
  await expect.poll(() => files.store.get().files.every(({ done }) => done)).toBe(true);
  expect(files.take().map(({ media, kind }) => [media, kind])).toEqual([
    ["organizations/acme/media/a.png", AttachmentKind.IMAGE],
    ["organizations/acme/media/b.png", AttachmentKind.IMAGE],
  ]);
  expect(files.store.get().files).toEqual([]);
});

it("says why a file can't be sent, and sends the others", async () => {
  const files = new Files((each, ...rest) => (each.name === "bad" ? Promise.reject(new ConnectError("no", Code.Unavailable)) : stored(each, ...rest)));
  files.add([file("bad"), file("empty", 0), file("big", 17 * 1024 * 1024), file("good")]);
  await expect.poll(() => files.store.get().files.every(({ done, problem }) => done || problem)).toBe(true);
  const [bad, empty, big, good] = files.store.get().files;
  expect(bad?.problem).toBe("We can't be reached right now.");
  expect(empty?.problem).toContain("empty");
  expect(big?.problem).toContain("16 MB");
  expect(good?.done?.fileName).toBe("good");
  expect(files.take()).toHaveLength(1);
});

it("says that a kind of file is not kept", async () => {
  const files = new Files(async () => create(MediaSchema, { state: MediaState.REJECTED }));
  files.add([file("a.exe")]);
  await expect.poll(() => files.store.get().files[0]?.problem).toBe("You can't send files of this kind.");
});

it("takes no more files than fit into a message", async () => {
  const files = new Files(stored);
  files.add(Array.from({ length: 20 }, (_, number) => file(`${number}`)));
  await expect.poll(() => files.store.get().files.every(({ done, problem }) => done || problem)).toBe(true);
  expect(files.store.get().files.at(-1)?.problem).toContain("19 files");
  expect(files.take()).toHaveLength(19);
});

it("stops the upload of a file that is removed", async () => {
  let ended: AbortSignal | undefined;
  const files = new Files((_file, _id, signal) => {
    ended = signal;
    return new Promise(() => undefined);
  });
  files.add([file("a")]);
  await expect.poll(() => ended).toBeDefined();
  files.remove(files.store.get().files[0]!.id);
  expect(ended?.aborted).toBe(true);
  expect(files.store.get().files).toEqual([]);
});

it("makes a content of words and files, and of files alone", () => {
  const sent = { media: "organizations/acme/media/m", kind: AttachmentKind.UNSPECIFIED, fileName: "a.pdf", mediaType: "application/pdf", sizeBytes: 3 };
  expect(contentOf("Look", [sent]).parts.map(({ part }) => part.case)).toEqual(["text", "attachment"]);
  expect(contentOf("", [sent]).parts).toHaveLength(1);
});

it("shows as a picture only what browsers show", () => {
  expect([kindOf("image/png"), kindOf("image/svg+xml"), kindOf("video/mp4"), kindOf("application/pdf")]).toEqual([
    AttachmentKind.IMAGE,
    AttachmentKind.UNSPECIFIED,
    AttachmentKind.VIDEO,
    AttachmentKind.UNSPECIFIED,
  ]);
});
