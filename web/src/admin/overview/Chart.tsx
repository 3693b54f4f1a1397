/** A small chart of bars, one for each step, with the same numbers as a table for those who can't see it. */

import { useId } from "react";

import { ceiling, type Point, written } from "./numbers";

interface Props {
  title: string;
  points: readonly Point[];
  /** The name of a step: a day or an hour. */
  nameOf: (at: number) => string;
  step: string;
}

const WIDTH = 320;
const HEIGHT = 96;
const GAP = 0.25;

export function Chart({ title, points, nameOf, step }: Props) {
  const id = useId();
  const top = ceiling(Math.max(0, ...points.map(({ number }) => number)));
  const width = WIDTH / Math.max(1, points.length);
  const first = points[0];
  const last = points.at(-1);
  return (
    <figure className="rounded-xl border border-line bg-surface px-4 py-3">
      <figcaption id={id} className="flex items-baseline justify-between gap-3 text-sm font-semibold">
        {title}
        <span className="text-xs font-normal text-muted tabular-nums" aria-hidden="true">
          to {top}
        </span>
      </figcaption>
      <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} preserveAspectRatio="none" className="mt-2 h-24 w-full" role="img" aria-labelledby={id}>
        <line x1="0" x2={WIDTH} y1={HEIGHT - 0.5} y2={HEIGHT - 0.5} className="stroke-line" />
        {points.map((point, index) => {
          const height = (point.number / top) * (HEIGHT - 1);
          return (
            <rect key={point.at} x={(index + GAP / 2) * width} y={HEIGHT - 1 - height} width={width * (1 - GAP)} height={height} className="fill-accent">
              <title>{`${nameOf(point.at)}: ${point.value ? written(point.value) : "0"}`}</title>
            </rect>
          );
        })}
      </svg>
      {first && last && (
        <p className="mt-1 flex justify-between text-xs text-muted" aria-hidden="true">
          <span>{nameOf(first.at)}</span>
          <span>{nameOf(last.at)}</span>
        </p>
      )}
      <details className="mt-2 text-xs">
        <summary className="inline-block min-h-6 rounded text-muted hover:text-ink">Show as a table</summary>
        <div className="max-h-56 overflow-y-auto">
          <table className="mt-1 w-full text-start">
            <thead>
              <tr className="text-muted">
                <th scope="col" className="py-1 text-start font-medium">
                  {step}
                </th>
                <th scope="col" className="py-1 text-end font-medium">
                  {title}
                </th>
              </tr>
            </thead>
            <tbody>
              {points.map((point) => (
                <tr key={point.at} className="border-t border-line">
                  <th scope="row" className="py-1 text-start font-normal">
                    {nameOf(point.at)}
                  </th>
                  <td className="py-1 text-end tabular-nums">{point.value ? written(point.value) : "0"}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      </details>
    </figure>
  );
}
