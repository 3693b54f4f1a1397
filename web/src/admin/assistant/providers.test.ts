import { expect, test } from "vitest";

import { baseUrlProblem, credentialId } from "./providers";

test("a credential is called by its host, and by no name that is taken", () => {
  expect(credentialId("https://api.openai.com/v1", [])).toBe("openai");
  expect(credentialId("https://api.openai.com/v1", ["openai", "openai-2"])).toBe("openai-3");
  expect(credentialId("https://llm.shop.example/v1", [])).toBe("llm-shop-example");
  for (const url of ["http://127.0.0.1:11434/v1", "http://[::1]:8000/v1", "nonsense"]) expect(credentialId(url, [])).toMatch(/^[a-z0-9][a-z0-9-]*$/);
});

test("a wrong base URL is explained before anything is sent", () => {
  expect(baseUrlProblem("api.openai.com")).toContain("such as https://");
  expect(baseUrlProblem("https://api.openai.com/v1/chat/completions")).toContain("Leave out");
  expect(baseUrlProblem("http://127.0.0.1:11434/v1")).toBeUndefined();
  expect(baseUrlProblem("")).toBeUndefined();
});
