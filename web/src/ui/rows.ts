/** Helpers of long lists that draw only the rows in sight. */

import { defaultRangeExtractor, measureElement, type Range, type Virtualizer } from "@tanstack/react-virtual";
import { useCallback, useRef, useState, type FocusEvent } from "react";

interface KeptFocus {
  rangeExtractor: (range: Range) => number[];
  /** For the element around the rows; each row has its place as `data-index`. */
  onFocus: (event: FocusEvent) => void;
  onBlur: (event: FocusEvent) => void;
}

/**
 * Keeps the row that has the focus and those beside it drawn, however far the list is scrolled: the focus isn't lost, and Tab
 * continues from there.
 */
export function useKeptFocus<Row>(rows: readonly Row[], id: (row: Row) => string): KeptFocus {
  const [focused, setFocused] = useState("");
  const at = focused === "" ? -1 : rows.findIndex((row) => id(row) === focused);
  return {
    rangeExtractor: useCallback((range: Range) => withNeighbours(defaultRangeExtractor(range), at, range.count), [at]),
    onFocus: ({ target }) => {
      const row = rows[Number(target.closest<HTMLElement>("[data-index]")?.dataset.index)];
      setFocused(row === undefined ? "" : id(row));
    },
    onBlur: ({ currentTarget, relatedTarget }) => {
      if (!currentTarget.contains(relatedTarget)) setFocused(""); // on the way to another row, that one must stay
    },
  };
}

interface RowHeight<Box extends Element | Window> {
  estimateSize: () => number;
  measureElement: (row: Element, entry: ResizeObserverEntry | undefined, virtual: Virtualizer<Box, Element>) => number;
}

/**
 * The height of rows that were not in sight yet, in CSS pixels: that of the first one which was. A wrong one would let the list
 * be laid out again for each row that comes into sight.
 */
export function useRowHeight<Box extends Element | Window>(guess: number): RowHeight<Box> {
  const known = useRef<number>(undefined);
  return {
    estimateSize: useCallback(() => known.current ?? guess, [guess]),
    measureElement: useCallback((row, entry, virtual) => {
      const height = measureElement(row, entry, virtual);
      known.current ??= height;
      return height;
    }, []),
  };
}

/** The places in order, with `at` and the two beside it; less than 0: no place is added. */
export function withNeighbours(places: number[], at: number, count: number): number[] {
  if (at < 0) return places;
  const kept = [at - 1, at, at + 1].filter((place) => place >= 0 && place < count);
  return [...new Set([...places, ...kept])].sort((a, b) => a - b);
}
