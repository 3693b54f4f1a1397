import { randomBytes } from "node:crypto";

import { expect, it } from "vitest";

import { budget } from "../../budget";

/** Builds chunks of so many bytes that gzip can't make smaller; returns the error of the build. */
function build(limit: number, chunks: Record<string, number>): string {
  const bundle = Object.fromEntries(
    Object.entries(chunks).map(([fileName, bytes]) => [fileName, { type: "chunk", fileName, code: randomBytes(bytes * 2).toString("hex").slice(0, bytes * 2) }]),
  );
  const { generateBundle } = budget("The chat", limit, (fileName) => fileName.startsWith("assets/")) as unknown as {
    generateBundle(this: { error(text: string): void }, options: object, bundle: object): void;
  };
  let problem = "";
  generateBundle.call({ error: (text) => (problem = text) }, {}, bundle);
  return problem;
}

it("fails a build that is too large, and says by how much", () => {
  expect(build(1_000, { "widget/chat.js": 2_000 })).toMatch(/^The chat has \d{4} bytes of script with gzip, more than the 1000 /);
  expect(build(1_000, { "widget/chat.js": 700, "widget/more.js": 700 })).not.toBe("");
});

it("counts one language, the largest, because only one is fetched", () => {
  expect(build(2_000, { "widget/chat.js": 500, "assets/en-1.js": 900, "assets/ar-1.js": 900 })).toBe("");
  expect(build(2_000, { "widget/chat.js": 900, "assets/en-1.js": 100, "assets/ar-1.js": 1_500 })).not.toBe("");
});
