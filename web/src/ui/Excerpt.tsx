import { excerptOf, plainOf } from "./excerpts";

/** The part of a message in which words were found, with the matches marked. */
export function Excerpt({ text, markdown, query }: { text: string; markdown: boolean; query: string }) {
  return (
    <bdi dir="auto">
      {excerptOf(markdown ? plainOf(text, query) : text, query).map(({ text: piece, found }, place) =>
        found ? (
          <mark key={place} className="rounded-sm bg-note font-semibold text-on-note">
            {piece}
          </mark>
        ) : (
          piece
        ),
      )}
    </bdi>
  );
}
