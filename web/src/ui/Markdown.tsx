/**
 * Markdown as React elements. No HTML is ever parsed: raw HTML in the text shows as the text that it is, and a link goes
 * only where a link may go.
 */

import { Lexer, type Token, type Tokens } from "marked";
import { Fragment, memo, type ReactNode } from "react";

import { t } from "../i18n";

interface Props {
  text: string;
  /** Where the numbers of sources stand: after so many code points. */
  marks?: readonly { at: number; index: number }[] | undefined;
  /** Draws the number of a source. */
  mark?: ((index: number) => ReactNode) | undefined;
}

export const Markdown = memo(function Markdown({ text, marks = NONE, mark }: Props) {
  return <div className="prose">{blocks(Lexer.lex(withMarks(text, marks), { gfm: true }), mark, "auto")}</div>;
});

type Mark = Props["mark"];

const NONE: NonNullable<Props["marks"]> = [];
/** Numbers go through the lexer as private characters in angle brackets, which end an address and have no other meaning. */
const FIRST = 0xf0000;
const LAST = 0xffffd;
const PRIVATE = /[\u{F0000}-\u{FFFFD}]/gu;
const MARK = /<([\u{F0000}-\u{FFFFD}])>/gu;
/** Ends with the line of a code block's fence, after which nothing may stand. */
const FENCE = /(?:^|\n) {0,3}(?:`{3,}|~{3,})[ \t]*$/;

function withMarks(text: string, marks: readonly { at: number; index: number }[]): string {
  const points = [...text.replace(PRIVATE, "\ufffd")];
  let marked = "";
  let start = 0;
  for (const { at, index } of marks) {
    marked += points.slice(start, at).join("");
    const number = FIRST + index > LAST ? "" : `<${String.fromCodePoint(FIRST + index)}>`;
    marked += FENCE.test(marked) ? `\n\n${number}` : number;
    start = Math.max(start, at);
  }
  return marked + points.slice(start).join("");
}

/** `dir`: each block of a message finds its direction by its first letter; blocks inside a block have that one's. */
function blocks(tokens: readonly Token[], mark: Mark, dir?: "auto"): ReactNode[] {
  return tokens.map((token, index) => <Fragment key={index}>{block(token, mark, dir)}</Fragment>);
}

function block(token: Token, mark: Mark, dir: "auto" | undefined): ReactNode {
  switch (token.type) {
    case "space":
    case "def":
      return null;
    case "paragraph":
      return <p dir={dir}>{inline(token.tokens, mark)}</p>;
    case "heading":
      return <h3 dir={dir}>{inline(token.tokens, mark)}</h3>; // a message has no outline of its own
    case "list": {
      const { ordered, start, items } = token as Tokens.List;
      const entries = items.map((item, index) => <li key={index}>{blocks(item.tokens, mark)}</li>);
      return ordered ? (
        <ol dir={dir} start={start === "" ? 1 : start}>
          {entries}
        </ol>
      ) : (
        <ul dir={dir}>{entries}</ul>
      );
    }
    case "blockquote":
      return <blockquote dir={dir}>{blocks(token.tokens ?? [], mark)}</blockquote>;
    case "code":
      return (
        <pre>
          <code>{bare((token as Tokens.Code).text)}</code>
        </pre>
      );
    case "hr":
      return <hr className="border-line" />;
    case "table":
      return table(token as Tokens.Table, mark, dir);
    case "text":
      return "tokens" in token && token.tokens ? inline(token.tokens, mark) : withNumbers((token as Tokens.Text).text, mark);
    default:
      return bare(token.raw);
  }
}

function table({ header, rows }: Tokens.Table, mark: Mark, dir: "auto" | undefined): ReactNode {
  return (
    <div dir={dir} className="table" tabIndex={0} role="region" aria-label={t("markdown.table")}>
      <table>
        <thead>
          <tr>
            {header.map((cell, index) => (
              <th key={index} scope="col">
                {inline(cell.tokens, mark)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row, line) => (
            <tr key={line}>
              {row.map((cell, index) => (
                <td key={index}>{inline(cell.tokens, mark)}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function inline(tokens: readonly Token[] | undefined, mark: Mark): ReactNode[] {
  return (tokens ?? []).map((token, index) => <Fragment key={index}>{piece(token, mark)}</Fragment>);
}

function piece(token: Token, mark: Mark): ReactNode {
  switch (token.type) {
    case "strong":
      return <strong>{inline(token.tokens, mark)}</strong>;
    case "em":
      return <em>{inline(token.tokens, mark)}</em>;
    case "del":
      return <del>{inline(token.tokens, mark)}</del>;
    case "codespan":
      return <code>{bare((token as Tokens.Codespan).text)}</code>;
    case "br":
      return <br />;
    case "link": {
      const { href, tokens } = token as Tokens.Link;
      return <SafeLink href={bare(href)}>{inline(tokens, undefined)}</SafeLink>;
    }
    case "image":
      return bare((token as Tokens.Image).text); // nothing is fetched because a message says so
    case "escape":
      return (token as Tokens.Escape).text;
    case "text":
      return "tokens" in token && token.tokens ? inline(token.tokens, mark) : withNumbers((token as Tokens.Text).text, mark);
    default:
      return bare(token.raw);
  }
}

/** Text with its numbers drawn. */
function withNumbers(text: string, mark: Mark): ReactNode {
  const plain = unescape(text);
  if (!mark) return bare(plain);
  return plain
    .split(MARK)
    .map((part, index) => <Fragment key={index}>{index % 2 === 1 ? mark(part.codePointAt(0)! - FIRST) : part}</Fragment>);
}

function bare(text: string): string {
  return text.replace(MARK, "");
}

const ENTITIES: Record<string, string> = { "&amp;": "&", "&lt;": "<", "&gt;": ">", "&quot;": '"', "&#39;": "'" };

function unescape(text: string): string {
  return text.replace(/&(?:amp|lt|gt|quot|#39);/g, (entity) => ENTITIES[entity] ?? entity);
}

const ALLOWED = /^(?:https?:|mailto:|tel:)/i;
const HERE = "https://here.invalid";

/** Whether a link may go there: to a web address, a mailbox, a telephone, or a path of this site such as `/help/returns`. */
export function isLinkable(href: string): boolean {
  if (ALLOWED.test(href)) return true;
  // A browser's own rules: `//other`, `/\other` and a tab between the slashes all lead to another site.
  return href.startsWith("/") && URL.canParse(href, HERE) && new URL(href, HERE).origin === HERE;
}

export function SafeLink({ href, children }: { href: string; children: ReactNode }) {
  if (!isLinkable(href)) return <>{children}</>;
  return (
    <a href={href} target="_blank" rel="noopener noreferrer nofollow">
      {children}
    </a>
  );
}
