import { expect, test } from "vitest";

import { MAX_BYTES, parse, readText } from "./people";

const ROLES = ["agent", "admin", "team-lead"];

test("lines become people, by the columns' names, by commas or semicolons", () => {
  expect(parse("Name;E-Mail;Roles\r\nAda Lovelace;Ada@Shop.example;agent, team-lead\r\n\r\nZoë;zoe@shop.example;admin", ROLES)).toEqual({
    people: [
      { line: 2, email: "ada@shop.example", name: "Ada Lovelace", roles: ["agent", "team-lead"] },
      { line: 4, email: "zoe@shop.example", name: "Zoë", roles: ["admin"] },
    ],
    wrong: [],
  });
  expect(parse('ada@shop.example,"Lovelace, ""Ada""",agent', ROLES).people).toEqual([{ line: 1, email: "ada@shop.example", name: 'Lovelace, "Ada"', roles: ["agent"] }]);
});

test("each line that is wrong is named with what to do", () => {
  const { people, wrong } = parse(["email,name,roles", "ada@shop.example,Ada,agent", "ada@shop.example,Ada,agent", "ada,Ada,agent", "bob@shop.example,Bob,", "eve@shop.example,Eve,king", `max@shop.example,${"x".repeat(101)},agent`].join("\n"), ROLES);
  expect(people).toHaveLength(1);
  expect(wrong.map(({ line, why }) => [line, why.slice(0, 30)])).toEqual([
    [3, "ada@shop.example is also on li"],
    [4, "“ada” is no e-mail address. Th"],
    [5, "It names no role. Use one of a"],
    [6, "There is no role king. Use one"],
    [7, "The name has more than 100 cha"],
  ]);
});

test("an open quotation mark and too many people are named by their line", () => {
  expect(parse('ada@shop.example,Ada,agent\nbob@shop.example,"Bob,agent\n', ROLES).wrong).toEqual([{ line: 2, why: "A quotation mark isn't closed. Check the quotation marks from this line on." }]);
  const many = Array.from({ length: 1001 }, (_, n) => `p${n}@shop.example,P,agent`).join("\n");
  expect(parse(many, ROLES).wrong).toEqual([{ line: 1001, why: "The file has more than 1,000 people. Split it." }]);
});

test("a file is text in UTF-8 or Windows-1252, and no larger than 1 MB", async () => {
  expect(await readText(new Blob(["\ufeffZoë"]))).toBe("Zoë");
  expect(await readText(new Blob([Uint8Array.of(0x5a, 0x6f, 0xeb)]))).toBe("Zoë");
  await expect(readText(new Blob(["PK\u0003\u0004\0"]))).rejects.toThrow("This is no CSV file");
  await expect(readText(new Blob([new Uint8Array(MAX_BYTES + 1).fill(97)]))).rejects.toThrow("more than 1 MB");
});
