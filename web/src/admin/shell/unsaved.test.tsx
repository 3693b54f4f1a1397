import { Code } from "@connectrpc/connect";
import { renderToStaticMarkup } from "react-dom/server";
import { expect, it } from "vitest";

import type { Edit } from "../data/edit";
import { EditBar } from "./unsaved";

const EDIT: Edit<{ title: string }> = {
  value: { title: "Help" },
  set: () => undefined,
  dirty: true,
  busy: false,
  failure: undefined,
  conflict: undefined,
  save: () => Promise.resolve(true),
  reset: () => undefined,
};
const FAILURE = { code: Code.InvalidArgument, reason: "", metadata: {}, sentence: "This can't be set yet.", retryAfter: undefined };

it("says why saving failed inside the bar, where nothing covers it", () => {
  const drawn = renderToStaticMarkup(<EditBar form={{ ...EDIT, failure: FAILURE }} />);
  expect(drawn).toMatch(/^<div class="sticky [^>]*><p role="alert"[^>]*>.*This can&#x27;t be set yet\..*Discard/);
});

it("is there only while there is something to save", () => {
  expect(renderToStaticMarkup(<EditBar form={{ ...EDIT, dirty: false }} />)).toBe("");
  const drawn = renderToStaticMarkup(<EditBar form={EDIT} problem="Enter a title." />);
  expect(drawn).toContain("Enter a title.");
  expect(drawn).not.toContain('role="alert"');
});
