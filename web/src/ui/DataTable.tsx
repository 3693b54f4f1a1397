/**
 * A long list as a table: only the rows in sight are drawn, and the next page is fetched when the end comes near. On a narrow
 * screen columns with `from` are left out.
 */

import { useWindowVirtualizer } from "@tanstack/react-virtual";
import { memo, useCallback, useEffect, useLayoutEffect, useRef, useState, type MouseEvent, type ReactNode } from "react";
import { Link, useNavigate } from "react-router";

import { useKeptFocus, useRowHeight } from "./rows";

export interface Column<Row> {
  id: string;
  head: string;
  cell: (row: Row) => ReactNode;
  /** A CSS width, such as `8rem`. Without one the column takes what is left. */
  width?: string;
  /** Numbers and actions: at the end of their column. */
  end?: boolean;
  /** The head is for screen readers only. */
  quiet?: boolean;
  /** Shown from this width of the screen on. */
  from?: "sm" | "md" | "lg";
}

/** Pages that follow. */
export interface More {
  hasMore: boolean;
  loadingMore: boolean;
  more: () => void;
  /** The first rows are in sight again, after others were. */
  top?: (() => void) | undefined;
}

interface Props<Row> {
  label: string;
  rows: readonly Row[];
  id: (row: Row) => string;
  /** The same array as long as it means the same: a new one draws all rows again. */
  columns: readonly Column<Row>[];
  /** Where a row leads. */
  to?: (row: Row) => string;
  onOpen?: (row: Row) => void;
  more?: More;
  /** The id of the row that is open. */
  selected?: string | undefined;
}

const ROW_PX = 45;
const OVERSCAN = 12;
/** So many rows before the end, the next page is fetched. */
const AHEAD = 32;
const FROM = { sm: "max-sm:hidden", md: "max-md:hidden", lg: "max-lg:hidden" } as const;

export function DataTable<Row>({ label, rows, id, columns, to, onOpen, more, selected }: Props<Row>) {
  const body = useRef<HTMLDivElement>(null);
  const [top, setTop] = useState(0);
  useLayoutEffect(() => {
    const measure = () => setTop((body.current?.getBoundingClientRect().top ?? 0) + window.scrollY);
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(document.body);
    return () => observer.disconnect();
  }, []);
  const { rangeExtractor, ...focus } = useKeptFocus(rows, id);
  // With a new function, the virtualizer would look at every known row again, at each turn of the wheel.
  const getItemKey = useCallback((index: number) => id(rows[index]!), [rows, id]);
  const virtual = useWindowVirtualizer({
    count: rows.length,
    ...useRowHeight<Window>(ROW_PX),
    overscan: OVERSCAN,
    scrollMargin: top,
    getItemKey,
    rangeExtractor,
    useFlushSync: false, // rows come in slices between frames, and those beyond the edge are there already
  });
  const items = virtual.getVirtualItems();
  const { startIndex: first, endIndex: last } = virtual.range ?? { startIndex: 0, endIndex: 0 };
  const away = useRef(false);
  useEffect(() => {
    if (away.current && first === 0) more?.top?.();
    away.current = first > 0;
  }, [more, first]);
  useEffect(() => {
    if (more?.hasMore && !more.loadingMore && last >= rows.length - AHEAD) more.more();
  }, [more, last, rows.length]);

  return (
    <div role="table" aria-label={label} aria-rowcount={more?.hasMore ? -1 : rows.length + 1} className="overflow-clip rounded-xl border border-line bg-surface text-sm">
      <div role="rowgroup">
        <div role="row" aria-rowindex={1} className="flex items-center gap-4 border-b border-line px-4 py-2">
          {columns.map((column) => (
            <div key={column.id} role="columnheader" className={`${cellClass(column)} text-xs font-medium text-muted`} style={{ width: column.width }}>
              {column.quiet ? <span className="sr-only">{column.head}</span> : column.head}
            </div>
          ))}
        </div>
      </div>
      <div ref={body} role="rowgroup" className="relative" {...focus} style={{ height: virtual.getTotalSize() }}>
        {items.map((item) => {
          const row = rows[item.index]!;
          return (
            <div
              key={item.key}
              ref={virtual.measureElement}
              data-index={item.index}
              className="absolute inset-x-0"
              role="presentation"
              style={{ top: item.start - virtual.options.scrollMargin }}
            >
              <DataRow row={row} index={item.index} columns={columns} to={to?.(row)} onOpen={onOpen} here={selected === id(row)} last={item.index === rows.length - 1} />
            </div>
          );
        })}
      </div>
      {more?.loadingMore && (
        <p role="status" className="border-t border-line px-4 py-2.5 text-xs text-muted">
          Loading more…
        </p>
      )}
    </div>
  );
}

interface RowProps<Row> {
  row: Row;
  index: number;
  columns: readonly Column<Row>[];
  to: string | undefined;
  onOpen: ((row: Row) => void) | undefined;
  here: boolean;
  last: boolean;
}

/** Drawn once: it stays as it is while the table is scrolled. */
const DataRow = memo(function DataRow<Row>({ row, index, columns, to, onOpen, here, last }: RowProps<Row>) {
  const navigate = useNavigate();
  const opens = to !== undefined || onOpen !== undefined;
  const click = (event: MouseEvent) => {
    // The link and the controls in a row act for themselves, and text can be selected.
    if ((event.target as HTMLElement).closest("a,button,input,label") || window.getSelection()?.toString()) return;
    if (onOpen) onOpen(row);
    else if (to) void navigate(to);
  };
  return (
    <div
      role="row"
      aria-rowindex={index + 2}
      aria-current={here || undefined}
      onClick={opens ? click : undefined}
      className={`flex min-h-11 items-center gap-4 px-4 py-2 ${last ? "" : "border-b border-line"} ${opens ? "cursor-pointer hover:bg-sunken" : ""} ${here ? "bg-sunken" : ""}`}
    >
      {columns.map((column, place) => (
        <div key={column.id} role="cell" className={cellClass(column)} style={{ width: column.width }}>
          {place === 0 && opens ? <Opener to={to} onOpen={onOpen && (() => onOpen(row))}>{column.cell(row)}</Opener> : column.cell(row)}
        </div>
      ))}
    </div>
  );
}) as <Row>(props: RowProps<Row>) => ReactNode;

function Opener({ to, onOpen, children }: { to: string | undefined; onOpen: (() => void) | undefined; children: ReactNode }) {
  const look = "block w-full truncate rounded text-start font-medium text-ink hover:underline";
  if (to !== undefined && !onOpen) {
    return (
      <Link to={to} className={look}>
        {children}
      </Link>
    );
  }
  return (
    <button type="button" onClick={onOpen} className={look}>
      {children}
    </button>
  );
}

function cellClass<Row>({ width, end, from }: Column<Row>): string {
  return `min-w-0 ${width === undefined ? "flex-1" : "shrink-0"} ${end ? "text-end tabular-nums" : ""} ${from ? FROM[from] : ""} truncate`;
}
