/** The part of a message in which words were found: plain text on one line, with the matches marked. Pure. */

import type { ConversationSummary } from "@contracts/core/v1/conversation_pb";
import { ParticipantRole } from "@contracts/core/v1/message_pb";
import { Lexer, type Token } from "marked";

import { folded, folding } from "./folded";

export interface Piece {
  text: string;
  /** It is what was looked for. */
  found: boolean;
}

const ROOM = 160;
/** How much of the text before the first match is shown. */
const BEFORE = 40;
/** How much of Markdown is read, in characters: reading takes longer than in proportion to it. */
const READ = 1_200;
const MIN_DIGITS = 4;
/** An English word and another form of it differ in no more letters at their ends. */
const ENDING = 3;
const WORD = /[\p{L}\p{N}\p{M}]+/gu;
const NUMBER = /\d(?:[\d \u00a0\u2009\u202f.,'’/()-]*\d)?/g;
const UNSPACED = /[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3005\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af]/u;

/**
 * Markdown as the text that it shows, on one line: of a long one, the part around the first match. Only the assistant writes
 * Markdown. A text that nests too deeply to be read is shown as it was written.
 */
export function plainOf(markdown: string, query = ""): string {
  const first = markdown.length > READ ? (matches(markdown, query)[0]?.[0] ?? 0) : 0;
  const near = first - READ / 4;
  const start = first > READ / 2 ? Math.max(markdown.lastIndexOf(" ", near), markdown.lastIndexOf("\n", near)) + 1 || near : 0;
  const part = markdown.slice(start, start + READ);
  const more = start + READ < markdown.length ? "…" : "";
  return `${start > 0 ? "…" : ""}${oneLine(read(part))}${more}`;
}

function read(markdown: string): string {
  try {
    return Lexer.lex(markdown, { gfm: true }).map(textOf).join(" ");
  } catch (error) {
    if (error instanceof RangeError) return markdown; // the stack is full
    throw error;
  }
}

/** The last words of a conversation, as a list shows them. */
export function lastSaid({ lastPreview, lastRole }: Pick<ConversationSummary, "lastPreview" | "lastRole">): string {
  return lastRole === ParticipantRole.ASSISTANT ? plainOf(lastPreview) : lastPreview;
}

/** A text on one line, or its part around the first match if it is long. */
export function excerptOf(text: string, query: string): readonly Piece[] {
  const line = oneLine(text);
  const found = matches(line, query);
  const first = found[0]?.[0] ?? 0;
  const cut = line.length > ROOM && first > BEFORE;
  const start = cut ? line.lastIndexOf(" ", first - BEFORE) + 1 || first - BEFORE : 0;
  const end = Math.min(line.length, start + ROOM);
  const pieces: Piece[] = [];
  let at = start;
  const add = (until: number, isFound: boolean) => {
    if (until > at) pieces.push({ text: line.slice(at, until), found: isFound });
    at = Math.max(at, until);
  };
  if (start > 0) pieces.push({ text: "…", found: false });
  for (const [from, to] of found) {
    if (from >= end) break;
    add(from, false);
    add(Math.min(to, end), true);
  }
  add(end, false);
  if (end < line.length) pieces.push({ text: "…", found: false });
  return pieces;
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, " ").trim();
}

function textOf(token: Token): string {
  if (token.type === "image") return token.text as string;
  if (token.type === "list") return (token.items as Token[]).map(textOf).join(" ");
  if (token.type === "table") return [token.header, ...token.rows].flat().map((cell: { tokens: Token[] }) => cell.tokens.map(textOf).join("")).join(" ");
  if ("tokens" in token && token.tokens) return token.tokens.map(textOf).join(token.type === "blockquote" || token.type === "list_item" ? " " : "");
  if (token.type === "br" || token.type === "space" || token.type === "hr") return " ";
  return "text" in token ? (token.text as string) : token.raw;
}

/** Where words of a query are in a text, in order and without overlaps. */
function matches(text: string, query: string): readonly (readonly [number, number])[] {
  const { text: plain, origin } = folding(text);
  const words = folded(query).match(WORD) ?? [];
  const wanted = words.filter((word) => !UNSPACED.test(word));
  const runs = words.filter((word) => UNSPACED.test(word));
  const numbers = (query.match(NUMBER) ?? []).map(digitsOf).filter((digits) => digits.length >= MIN_DIGITS);
  const found: [number, number][] = [];
  for (const { 0: word, index } of plain.matchAll(WORD)) {
    const hit = wanted.find((each) => word.startsWith(each) || isForm(each, word));
    if (hit) found.push([index, index + word.length]);
  }
  for (const { 0: number, index } of plain.matchAll(NUMBER)) {
    if (numbers.some((digits) => digitsOf(number).includes(digits))) found.push([index, index + number.length]);
  }
  for (const run of runs) for (let at = plain.indexOf(run); at >= 0; at = plain.indexOf(run, at + run.length)) found.push([at, at + run.length]);
  let end = 0;
  return found
    .map(([from, to]) => origin(from, to))
    .sort((a, b) => a[0] - b[0] || b[1] - a[1])
    .filter(([from, to]) => {
      const apart = from >= end;
      end = Math.max(end, to);
      return apart;
    });
}

/** Whether one word is the other with another ending. */
function isForm(wanted: string, word: string): boolean {
  return word.length >= 3 && wanted.length - word.length <= ENDING && wanted.startsWith(word);
}

function digitsOf(text: string): string {
  return text.replace(/\D/g, "");
}
