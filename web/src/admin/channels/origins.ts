/** The sites that may embed a chat, as people type them. */

export const MOST = 50;

/** Lines as origins: `shop.example/help` is `https://shop.example`. Other lines, such as `shop`, stay as they were typed. */
export function originsOf(text: string): string[] {
  const lines = text.split("\n").map((line) => line.trim()).filter((line) => line !== "");
  return [...new Set(lines.map(originOf))];
}

/** Why a list of origins can't be saved; undefined: it can. */
export function originsProblem(origins: readonly string[]): string | undefined {
  if (origins.length > MOST) return `At most ${MOST} sites.`;
  if (origins.some((origin) => origin.includes("*"))) return "Name each site in full: wildcards such as * aren't allowed. Leave the field empty to allow every site.";
  const wrong = origins.find((origin) => !isOrigin(origin));
  return wrong === undefined ? undefined : `“${wrong}” isn't a site. Write it in full, as https://shop.example.`;
}

function originOf(line: string): string {
  const bare = !/^[a-z]+:\/\//i.test(line);
  try {
    const { origin, hostname, port } = new URL(bare ? `https://${line}` : line);
    const isWord = bare && port === "" && !hostname.includes(".") && hostname !== "localhost"; // a name in the own network needs its scheme
    return isWord || /[*@]/.test(line) || origin === "null" ? line : origin;
  } catch {
    return line;
  }
}

function isOrigin(text: string): boolean {
  return /^https?:\/\/[a-z0-9.-]{1,253}(:[0-9]{1,5})?$/.test(text);
}
