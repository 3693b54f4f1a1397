import { expect, test } from "vitest";

import { originsOf, originsProblem } from "./origins";

test("addresses are cut down to their origins, each once", () => {
  expect(originsOf(" https://shop.example/help\n\nshop.example\nhttp://localhost:3000/\n")).toEqual(["https://shop.example", "http://localhost:3000"]);
  expect(originsProblem(["https://shop.example", "http://localhost:3000"])).toBeUndefined();
});

test("what is no site is named, and a wildcard is explained", () => {
  expect(originsProblem(originsOf("*"))).toContain("wildcards");
  expect(originsProblem(originsOf("https://*.shop.example"))).toContain("wildcards");
  expect(originsProblem(originsOf("mailto:me@shop.example"))).toContain("mailto");
  expect(originsProblem(originsOf("shop.example\nmeinshop"))).toContain("“meinshop” isn't a site");
  expect(originsProblem(originsOf("mein shop"))).toContain("“mein shop” isn't a site");
  expect(originsProblem(originsOf("http://intranet\nlocalhost\nintranet:8080"))).toBeUndefined();
  expect(originsProblem(Array.from({ length: 51 }, (_, n) => `https://s${n}.example`))).toBe("At most 50 sites.");
});
