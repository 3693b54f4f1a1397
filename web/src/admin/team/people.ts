/** The people in a CSV file: e-mail, name, roles. All lines are checked before anyone is invited, as `stack/imports/team.py` does. */

export const MAX_BYTES = 1024 * 1024;
export const MAX_PEOPLE = 1000;
const MAX_NAME = 100;
const EMAIL = /^[^@\s<>,;"\x00-\x1f\x7f]{1,64}@[^@\s<>,;"\x00-\x1f\x7f]+\.[^@\s<>,;".\x00-\x1f\x7f]+$/;
const COLUMNS = {
  email: ["email", "e-mail", "mail", "e-mail address", "email address"],
  name: ["name", "display name", "full name"],
  roles: ["roles", "role"],
} as const;
type Column = keyof typeof COLUMNS;

/** A line of the file. */
export interface Person {
  line: number;
  email: string;
  name: string;
  /** Ids. */
  roles: readonly string[];
}

/** A line that can't be used. */
export interface Wrong {
  line: number;
  why: string;
}

export interface Parsed {
  people: readonly Person[];
  wrong: readonly Wrong[];
}

/** The text of a file, as UTF-8 or, from older programs, Windows-1252. Rejects with a sentence. */
export async function readText(file: Blob): Promise<string> {
  if (file.size > MAX_BYTES) throw new Error("This file has more than 1 MB. Split it into several.");
  const bytes = await file.arrayBuffer();
  if (new Uint8Array(bytes).includes(0)) throw new Error("This is no CSV file. Save the sheet as CSV (UTF-8).");
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder("windows-1252").decode(bytes);
  }
}

/** The people in a file, and the lines that are wrong. `roles`: the ids that the organization has. */
export function parse(text: string, roles: readonly string[]): Parsed {
  const [people, wrong, first]: [Person[], Wrong[], Map<string, number>] = [[], [], new Map()];
  let order: readonly (Column | undefined)[] | undefined;
  const { rows, open } = cellsOf(text);
  for (const { line, cells } of rows) {
    if (cells.every((cell) => cell === "")) continue;
    if (!order) {
      order = headerOf(cells);
      if (order) continue;
      order = ["email", "name", "roles"];
    }
    if (people.length + wrong.length >= MAX_PEOPLE) {
      wrong.push({ line, why: "The file has more than 1,000 people. Split it." });
      break;
    }
    const value = (column: Column) => cells[order!.indexOf(column)] ?? "";
    const person = { line, email: value("email").toLowerCase(), name: value("name"), roles: [...new Set(value("roles").toLowerCase().split(/[;,|\s]+/).filter(Boolean))] };
    const why = problemOf(person, roles, first);
    if (why) wrong.push({ line, why });
    else {
      first.set(person.email, line);
      people.push(person);
    }
  }
  if (open) wrong.push({ line: open, why: "A quotation mark isn't closed. Check the quotation marks from this line on." });
  return { people, wrong };
}

function headerOf(cells: readonly string[]): readonly (Column | undefined)[] | undefined {
  const found = cells.map((cell) => (Object.keys(COLUMNS) as Column[]).find((column) => (COLUMNS[column] as readonly string[]).includes(cell.toLowerCase())));
  return found.includes("email") ? found : undefined;
}

function problemOf({ email, name, roles }: Person, known: readonly string[], first: ReadonlyMap<string, number>): string {
  const choice = `Use one of ${known.toSorted().join(", ")}.`;
  if (!EMAIL.test(email) || email.length > 254) return `“${email || "nothing"}” is no e-mail address. The columns are: e-mail, name, roles.`;
  if (first.has(email)) return `${email} is also on line ${first.get(email)}. Remove one of them.`;
  if (name.length > MAX_NAME || /\p{C}/u.test(name)) return "The name has more than 100 characters, or some that can't be printed. Shorten it.";
  if (roles.length === 0) return `It names no role. ${choice}`;
  const unknown = roles.filter((role) => !known.includes(role));
  return unknown.length > 0 ? `There is no role ${unknown.join(", ")}. ${choice}` : "";
}

/** The rows, each with the number of its first line. `open`: the line of a quotation mark that isn't closed. */
function cellsOf(text: string): { rows: { line: number; cells: string[] }[]; open: number } {
  const [head = ""] = text.split(/\r?\n/, 1);
  const delimiter = [",", ";", "\t"].reduce((best, each) => (head.split(each).length > head.split(best).length ? each : best));
  const rows: { line: number; cells: string[] }[] = [];
  let [line, begun, quoted, cell, cells]: [number, number, boolean, string, string[]] = [1, 1, false, "", []];
  const endCell = () => {
    cells.push(cell.trim());
    cell = "";
  };
  const endRow = () => {
    endCell();
    rows.push({ line: begun, cells });
    cells = [];
    begun = line + 1;
  };
  for (let at = 0; at < text.length; at++) {
    const letter = text[at]!;
    if (letter === '"' && quoted && text[at + 1] === '"') cell += text[++at]!;
    else if (letter === '"' && (quoted || cell.trim() === "")) quoted = !quoted;
    else if (letter === delimiter && !quoted) endCell();
    else if (letter === "\n" && !quoted) endRow();
    else if (letter !== "\r" || quoted) cell += letter;
    if (letter === "\n") line++;
  }
  const open = quoted ? begun : 0;
  if (!open && (cell !== "" || cells.length > 0)) endRow();
  return { rows, open };
}
