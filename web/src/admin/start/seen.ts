/**
 * The site that last loaded a chat. Where no sites are listed, any program can claim to be any site, so a note says that it is not
 * verified.
 */
export function seenOn(origin: string, listed: readonly string[]): { site: string; note: string } {
  return { site: origin.replace(/^https?:\/\//, ""), note: listed.includes(origin) ? "" : noteOf(listed) };
}

function noteOf(listed: readonly string[]): string {
  const why = listed.length === 0 ? "this chat may be shown on any site, so a program can invent one" : "it isn't among the sites that may show this chat";
  return `Not verified: ${why}. List your sites, and only those count.`;
}
