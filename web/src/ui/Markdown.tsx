/**
 * Markdown as React elements. No HTML is ever parsed: raw HTML in the text shows as the text that it is, and a link goes
 * only where a link may go.
 */

import { Lexer, type Token, type Tokens } from "marked";
import { Fragment, memo, type ReactNode } from "react";

interface Props {
  text: string;
  /** Draws the mark of a source, `[1]`. Without it marks are plain text. */
  mark?: ((index: number) => ReactNode) | undefined;
}

export const Markdown = memo(function Markdown({ text, mark }: Props) {
  return <div className="prose">{blocks(Lexer.lex(text, { gfm: true }), mark, "auto")}</div>;
});

type Mark = Props["mark"];

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
          <code>{(token as Tokens.Code).text}</code>
        </pre>
      );
    case "hr":
      return <hr className="border-line" />;
    case "table":
      return table(token as Tokens.Table, mark, dir);
    case "text":
      return "tokens" in token && token.tokens ? inline(token.tokens, mark) : marks((token as Tokens.Text).text, mark);
    default:
      return token.raw;
  }
}

function table({ header, rows }: Tokens.Table, mark: Mark, dir: "auto" | undefined): ReactNode {
  return (
    <div dir={dir} className="table" tabIndex={0} role="region" aria-label="Table">
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
      return <code>{(token as Tokens.Codespan).text}</code>;
    case "br":
      return <br />;
    case "link": {
      const { href, tokens } = token as Tokens.Link;
      return <SafeLink href={href}>{inline(tokens, undefined)}</SafeLink>;
    }
    case "image":
      return (token as Tokens.Image).text; // nothing is fetched because a message says so
    case "escape":
      return (token as Tokens.Escape).text;
    case "text":
      return "tokens" in token && token.tokens ? inline(token.tokens, mark) : marks((token as Tokens.Text).text, mark);
    default:
      return token.raw;
  }
}

/** Text with its marks, such as `[2]`, drawn. */
function marks(text: string, mark: Mark): ReactNode {
  if (!mark) return unescape(text);
  return text.split(/(\[\d{1,2}\])/).map((part, index) => {
    const number = /^\[(\d{1,2})\]$/.exec(part)?.[1];
    return <Fragment key={index}>{number === undefined ? unescape(part) : mark(Number(number))}</Fragment>;
  });
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
