import { expect, test } from "vitest";

import { stepsOf } from "./steps";

const done = (facts: Partial<Parameters<typeof stepsOf>[0]>) =>
  Object.fromEntries(stepsOf({ documents: undefined, assistantPublished: undefined, webChat: undefined, users: undefined, ...facts }).map((step) => [step.id, step.done]));

test("nothing is claimed that isn't known", () => {
  expect(done({})).toEqual({ knowledge: undefined, assistant: undefined, widget: undefined, team: undefined });
});

test("a step is done by what is there", () => {
  expect(done({ documents: 0, assistantPublished: false, webChat: false, users: 1 })).toEqual({ knowledge: false, assistant: false, widget: false, team: false });
  expect(done({ documents: 1, assistantPublished: true, webChat: true, users: 2 })).toEqual({ knowledge: true, assistant: true, widget: true, team: true });
});
