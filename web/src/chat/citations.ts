/** Citations as a screen numbers them. */

import type { Citation, Source } from "@contracts/core/v1/message_pb";

/** The place of a number in a text. */
export interface Mark {
  /** After so many code points. */
  at: number;
  /** Of the source, from 1. */
  index: number;
}

export interface Numbered {
  /** In the order of their first use: the first has the number 1. */
  sources: readonly Source[];
  marks: readonly Mark[];
}

/** Numbers the passages that a text cites. Two citations of one passage share a number. */
export function numbered(citations: readonly Citation[]): Numbered {
  const sources = new Map<string, Source>();
  const marks = new Map<string, Mark>();
  for (const { end: at, source } of citations) {
    if (!source) continue;
    if (!sources.has(source.passage)) sources.set(source.passage, source);
    const index = [...sources.keys()].indexOf(source.passage) + 1;
    marks.set(`${at}/${index}`, { at, index });
  }
  return { sources: [...sources.values()], marks: [...marks.values()] };
}
