import { expect, test, vi } from "vitest";

import { Brought } from "./brought";
import type { Source } from "./sources";
import { isDone, Uploads, type Sender } from "./uploads";

function source(name: string, text = "Parcels can be returned.", path = ""): Source {
  const file = new File([text], name);
  return { name, path, size: file.size, problem: "", read: () => Promise.resolve(file) };
}

const nothing = { isSame: () => false, note: () => undefined };

/** A sender whose uploads wait until they are let go. */
function held() {
  const waiting: { name: string; go: () => void; fail: (why: string) => void }[] = [];
  const created: string[] = [];
  const sender: Sender = {
    upload: (given, progress, signal) =>
      new Promise((resolve, reject) => {
        signal.addEventListener("abort", () => reject(new Error("aborted")));
        waiting.push({
          name: given.name,
          go: () => {
            progress(given.size);
            resolve(`uploads/${given.name}`);
          },
          fail: (why) => reject(new Error(why)),
        });
      }),
    create: (upload) => {
      created.push(upload);
      return Promise.resolve({ name: upload.replace("uploads", "documents"), etag: "1" });
    },
    find: () => Promise.resolve(undefined),
    update: (document) => Promise.resolve(document),
  };
  return { sender, waiting, created };
}

const settled = () => vi.waitFor(() => undefined);
const states = (uploads: Uploads) => Object.fromEntries(uploads.store.get().files.map(({ name, state }) => [name, state]));

test("three files are sent at once, the next one when one is done", async () => {
  const { sender, waiting, created } = held();
  const uploads = new Uploads(sender, nothing);
  uploads.add(["a.md", "b.md", "c.md", "d.md"].map((name) => source(name)));
  await vi.waitFor(() => expect(waiting).toHaveLength(3));
  waiting[0]!.go();
  await vi.waitFor(() => expect(waiting).toHaveLength(4));
  expect(created).toHaveLength(1);
  for (const each of waiting) each.go();
  await vi.waitFor(() => expect(new Set(Object.values(states(uploads)))).toEqual(new Set(["done"])));
  uploads.clear();
  expect(uploads.store.get().files).toEqual([]);
});

test("one that fails says why, keeps no other from being sent, and can be tried again", async () => {
  const { sender, waiting } = held();
  const uploads = new Uploads(sender, nothing);
  uploads.add([source("a.md"), source("b.md")]);
  await vi.waitFor(() => expect(waiting).toHaveLength(2));
  waiting.find(({ name }) => name === "a.md")!.fail("The upload broke off.");
  waiting.find(({ name }) => name === "b.md")!.go();
  await vi.waitFor(() => expect(states(uploads)).toEqual({ "a.md": "failed", "b.md": "done" }));
  const failed = uploads.store.get().files.find(({ state }) => state === "failed")!;
  expect(failed.problem).toBe("The upload broke off.");
  uploads.retry(failed.id);
  await vi.waitFor(() => expect(waiting).toHaveLength(3));
  waiting[2]!.go();
  await vi.waitFor(() => expect(states(uploads)["a.md"]).toBe("done"));
});

test("a dismissed file is not sent on and makes no document", async () => {
  const { sender, created } = held();
  const uploads = new Uploads(sender, nothing);
  uploads.add([source("a.md")]);
  uploads.dismiss(uploads.store.get().files[0]!.id);
  await settled();
  expect(uploads.store.get().files).toEqual([]);
  expect(created).toEqual([]);
});

test("what can't become a document is refused before it is sent, and can't be tried again", () => {
  const { sender, waiting } = held();
  const uploads = new Uploads(sender, nothing);
  uploads.add([{ ...source("picture.png"), problem: "Only PDF is read." }]);
  expect(waiting).toEqual([]);
  const { id, problem } = uploads.store.get().files[0]!;
  expect(problem).toBe("Only PDF is read.");
  expect(uploads.canRetry(id)).toBe(false);
});

/** A sender at documents that are kept, and what was called. */
function storing() {
  const stored = new Map<string, { name: string; etag: string }>();
  const calls: string[] = [];
  const sender: Sender = {
    upload: () => Promise.resolve("uploads/1"),
    create: (_, requestId, id = "") => {
      calls.push(`create ${requestId.slice(0, 18)}`);
      stored.set(id, { name: `documents/${id}`, etag: "1" });
      return Promise.resolve(stored.get(id)!);
    },
    find: (id) => Promise.resolve(stored.get(id)),
    update: ({ name, etag }) => {
      calls.push(`update at ${etag}`);
      const changed = { name, etag: `${Number(etag) + 1}` };
      stored.set(name.slice("documents/".length), changed);
      return Promise.resolve(changed);
    },
  };
  return { stored, calls, sender };
}

test("a file of a folder changes the document of its path, and nothing is sent when it is the same", async () => {
  const { stored, calls, sender } = storing();
  const known = new Brought("organizations/acme");
  const bring = async (text: string) => {
    const uploads = new Uploads(sender, known);
    uploads.add([source("returns.md", text, "help/returns.md")]);
    await vi.waitFor(() => expect(uploads.store.get().files[0]!.state).not.toMatch(/waiting|sending/));
    uploads.replace();
    await vi.waitFor(() => expect(uploads.store.get().files.every(isDone)).toBe(true));
    return uploads.store.get().files[0]!.state;
  };
  expect([await bring("30 days"), await bring("30 days"), await bring("14 days")]).toEqual(["done", "unchanged", "done"]);
  stored.forEach((document) => (document.etag = "7")); // someone else changed it since
  expect(await bring("14 days")).toBe("done");
  expect(calls).toEqual([expect.stringMatching(/^create import-[0-9a-f]{10}/), "update at 1", "update at 7"]);
  expect(stored.size).toBe(1);
});

test("an import asks before it replaces documents, and sends the other files meanwhile", async () => {
  const { stored, calls, sender } = storing();
  const known = new Brought("organizations/acme");
  const first = new Uploads(sender, known);
  first.add([source("a.md", "summer", "a.md"), source("b.md", "summer", "b.md")]);
  await vi.waitFor(() => expect(first.store.get().files.every(isDone)).toBe(true));
  const other = ["a.md", "b.md", "c.md", "d.md", "e.md"].map((name) => source(name, "winter", name));
  const refused = new Uploads(sender, known);
  refused.add(other);
  await vi.waitFor(() => expect(states(refused)).toEqual({ "a.md": "asking", "b.md": "asking", "c.md": "done", "d.md": "done", "e.md": "done" }));
  expect([stored.size, calls.filter((call) => call.startsWith("update"))]).toEqual([5, []]);
  refused.keepDocuments();
  expect(Object.keys(states(refused)).sort()).toEqual(["c.md", "d.md", "e.md"]);
  const allowed = new Uploads(sender, known);
  allowed.add(other);
  await vi.waitFor(() => expect(new Set(Object.values(states(allowed)))).toEqual(new Set(["asking", "unchanged"])));
  allowed.replace();
  await vi.waitFor(() => expect(allowed.store.get().files.every(isDone)).toBe(true));
  expect(calls.filter((call) => call.startsWith("update"))).toEqual(["update at 1", "update at 1"]);
});
