import { expect, test } from "vitest";

import { itemsFor } from "./navigation";
import type { AdminRoute } from "./routes";

const route = (path: string, permission?: string): AdminRoute => ({
  path,
  title: path,
  ...(permission !== undefined && { permission }),
  load: () => Promise.reject(new Error("not loaded here")),
});

const ROUTES = [route("team", "admin.users.read"), route("overview", "admin.reports.read"), route("team/:user", "admin.users.read"), route("start")];

test("only what a user may see is shown, in the order of the navigation", () => {
  const shown = (...permissions: string[]) => itemsFor(ROUTES, permissions).map((item) => item.path);
  expect(shown("*")).toEqual(["start", "overview", "team"]);
  expect(shown("admin.users.read")).toEqual(["start", "team"]);
  expect(shown()).toEqual(["start"]);
});

test("an item without a page is not shown", () => {
  expect(itemsFor([], ["*"])).toEqual([]);
});
