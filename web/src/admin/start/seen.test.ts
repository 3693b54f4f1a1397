import { expect, test } from "vitest";
import { seenOn } from "./seen";

test("a site that is listed is named alone", () => {
  expect(seenOn("https://shop.example", ["https://shop.example"])).toEqual({ site: "shop.example", note: "" });
});

test("a site that anyone could have invented is marked", () => {
  expect(seenOn("https://evil.example", []).note).toContain("Not verified: this chat may be shown on any site");
  expect(seenOn("https://evil.example", ["https://shop.example"]).note).toContain("Not verified: it isn't among the sites");
});
