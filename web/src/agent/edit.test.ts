import { Code, ConnectError } from "@connectrpc/connect";
import { expect, it } from "vitest";

import { Edit, type Values } from "./edit";

/** `google.rpc.ErrorInfo` with this reason. */
function refused(reason: string, code = Code.Aborted): ConnectError {
  const error = new ConnectError(reason, code);
  const value = new Uint8Array([10, reason.length, ...new TextEncoder().encode(reason)]);
  error.details.push({ type: "google.rpc.ErrorInfo", value });
  return error;
}

/** Values with an etag, as core keeps them; `known` is what the screen has fetched of them. */
function kept(values: Values) {
  let stored = { values, etag: "1" };
  let known = stored;
  const written: Values[] = [];
  const put = (changed: Values) => {
    stored = { values: { ...stored.values, ...changed }, etag: String(Number(stored.etag) + 1) };
  };
  const write = (changed: Values, etag: string) => {
    if (etag !== stored.etag) return Promise.reject(refused("ETAG_MISMATCH"));
    written.push(changed);
    put(changed);
    known = stored;
    return Promise.resolve();
  };
  const reload = () => {
    known = stored;
    return Promise.resolve();
  };
  return { edit: new Edit(() => known, write, reload), others: put, written, stored: () => stored.values };
}

it("saves only what was changed, without spaces around it", async () => {
  const { edit, written } = kept({ displayName: "Ada", language: "en" });
  edit.begin();
  edit.type("displayName", " Ada L. ");
  await edit.save();
  expect(written).toEqual([{ displayName: "Ada L." }]);
  expect(edit.store.get().open).toBe(false);
});

it("saves nothing when nothing was changed", async () => {
  const { edit, written } = kept({ displayName: "Ada" });
  edit.begin();
  edit.type("displayName", "Ada ");
  await edit.save();
  expect(written).toEqual([]);
  expect(edit.store.get().open).toBe(false);
});

it("keeps what was typed when a colleague was faster, and replaces theirs only when saved again", async () => {
  const { edit, others, written, stored } = kept({ displayName: "", language: "en" });
  edit.begin();
  edit.type("displayName", "Ada");
  others({ displayName: "Grace", language: "de" });
  await edit.save();
  expect(edit.store.get()).toMatchObject({ open: true, conflict: true, saving: false, typed: { displayName: "Ada" } });
  expect(stored()).toEqual({ displayName: "Grace", language: "de" });

  await edit.save();
  expect(written).toEqual([{ displayName: "Ada" }]);
  expect(stored()).toEqual({ displayName: "Ada", language: "de" });
  expect(edit.store.get().open).toBe(false);
});

it("keeps what was typed when saving fails", async () => {
  const edit = new Edit(
    () => ({ values: { subject: "" }, etag: "1" }),
    () => Promise.reject(new ConnectError("", Code.Unavailable)),
    () => Promise.resolve(),
  );
  edit.begin();
  edit.type("subject", "Order 7");
  await edit.save();
  expect(edit.store.get()).toMatchObject({ open: true, conflict: false, saving: false, typed: { subject: "Order 7" } });
  expect(edit.store.get().failure?.sentence).toBe("We can't be reached right now.");
});
