/** Texts as they are compared: the rule of `folded` in kit/text.py and kit/0007_plain_letters.sql. */

/** Marks without which a word is still the same: of Latin, Greek and Cyrillic, of Hebrew, of Arabic and of Syriac. */
const MARKS = new RegExp(
  "[" +
    "\\u0300-\\u036f\\u0483-\\u0489\\u1ab0-\\u1aff\\u1dc0-\\u1dff" +
    "\\u20d0-\\u20ff\\u2de0-\\u2dff\\ua66f-\\ua672\\ua674-\\ua67d\\ua69e\\ua69f\\ufe20-\\ufe2f" +
    "\\u0591-\\u05bd\\u05bf\\u05c1\\u05c2\\u05c4\\u05c5\\u05c7\\ufb1e" +
    "\\u0610-\\u061a\\u064b-\\u065f\\u0670\\u06d6-\\u06dc\\u06df-\\u06e4\\u06e7\\u06e8\\u06ea-\\u06ed" +
    "\\u0898-\\u089f\\u08ca-\\u08e1\\u08e3-\\u08ff" +
    "\\u0711\\u0730-\\u074a" +
    "]+",
  "g",
);
/** Letters that have no decomposition, each with the one below it. */
const LETTERS = "ıøłđðħŧŋəɓɗǥɨƙʉƴƶς";
const PLAIN = "iolddhtnebdgikuyzσ";
const SPELLED: Readonly<Record<string, string>> = { ß: "ss", æ: "ae", œ: "oe", þ: "th" };
const SPECIAL = new RegExp(`[${LETTERS}${Object.keys(SPELLED).join("")}]`, "g");

const ASCII = /^[\0-\x7f]*$/;
/** A piece that is folded as one: ASCII, a Korean syllable in whatever way it is written, and a character with its marks. */
const PIECE =
  /[\0-\x7f](?![\p{M}\uff9e\uff9f])|[\uac00-\ud7a3]?[\u1100-\u11ff\u3131-\u318e\ua960-\ua97f\ud7b0-\ud7ff\uffa0-\uffdc]+\p{M}*|[^][\p{M}\uff9e\uff9f]*/gu;

/** A text in small letters without marks. */
export function folded(text: string): string {
  if (ASCII.test(text)) return text.toLowerCase();
  const plain = text.normalize("NFKD").toLowerCase().replace(MARKS, "");
  return plain.replace(SPECIAL, (letter) => SPELLED[letter] ?? PLAIN[LETTERS.indexOf(letter)]!).normalize("NFC");
}

/** A folded text, and where what it was made of stands in the text before. */
export interface Folding {
  text: string;
  /** The part of the text before from which a part of this one was made, whole characters with their marks. */
  origin(from: number, to: number): [number, number];
}

/** Folds a text that is shown, to mark what is found in it. */
export function folding(original: string): Folding {
  if (ASCII.test(original)) return { text: folded(original), origin: (from, to) => [from, to] };
  const starts: number[] = [];
  const ends: number[] = [];
  let text = "";
  for (const { 0: piece, index } of original.matchAll(PIECE)) {
    text += folded(piece);
    while (starts.length < text.length) {
      starts.push(index);
      ends.push(index + piece.length);
    }
  }
  return { text, origin: (from, to) => [starts[from] ?? original.length, ends[to - 1] ?? 0] };
}
