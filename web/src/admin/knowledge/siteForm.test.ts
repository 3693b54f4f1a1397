import { expect, test } from "vitest";

import { completed } from "./AddDialogs";
import { NEW_SITE, pathsOf, schedules, siteOf, valueOf } from "./siteForm";

test("a site survives its form", () => {
  const value = { ...NEW_SITE, displayName: "Help", includePaths: "/help/\n/faq", maxPages: 40, everyHours: 24 };
  expect(valueOf(siteOf(value, "https://shop.example/"))).toEqual({ ...value, startUri: "https://shop.example/" });
});

test("a site without a schedule is crawled by hand only", () => {
  expect(valueOf(siteOf({ ...NEW_SITE, everyHours: 0 }, "https://shop.example/")).everyHours).toBe(0);
});

test("paths are lines, with or without a slash or a host", () => {
  expect(pathsOf(" /help/ \n\nfaq\nhttps://shop.example/terms")).toEqual(["/help/", "/faq", "/terms"]);
});

test("a schedule that no choice has is shown as it is", () => {
  expect(schedules(168)).toHaveLength(4);
  expect(schedules(36).at(-1)).toEqual({ id: "36", label: "Every 36 hours" });
});

test("addresses are completed as people type them", () => {
  expect(completed("shop.example/help")).toBe("https://shop.example/help");
  expect(completed(" http://127.0.0.1:8080 ")).toBe("http://127.0.0.1:8080/");
  for (const none of ["", "help", "shop example.com", "https://"]) expect(completed(none)).toBe("");
});
