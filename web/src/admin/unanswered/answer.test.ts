import { expect, test } from "vitest";

import { contentOf, headline } from "./AnswerDrawer";

test("the first sentence of a question is its title", () => {
  expect(headline(" Do you repair tents? Mine is torn.")).toBe("Do you repair tents?");
  expect(headline("repair\nplease")).toBe("repair");
  expect(headline("x".repeat(300))).toHaveLength(120);
});

test("an answer stands below its question", () => {
  expect(contentOf("Do you\nrepair tents?", " Yes. ")).toBe("# Do you repair tents?\n\nYes.\n");
  expect(contentOf(" ", "Yes.")).toBe("Yes.\n");
});
