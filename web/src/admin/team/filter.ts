/** The filter of ListUsers: words separated by blanks. */

const MAX_LENGTH = 200;

/** Words to find and a state (`all`, `active`, `deactivated`) as one filter. A colon in a word would make it a field's name. */
export function filterOf(words: string, state: string): string {
  const found = words.split(/\s+/).map((word) => word.split(":").at(-1) ?? "");
  return [...(state === "active" || state === "deactivated" ? [`state:${state}`] : []), ...found]
    .filter((word) => word !== "")
    .join(" ")
    .slice(0, MAX_LENGTH);
}
