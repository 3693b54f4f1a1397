import type { ReactNode } from "react";

const LOOKS = {
  neutral: "bg-sunken text-muted",
  info: "bg-sunken text-ink",
  good: "bg-soft text-on-soft",
  warn: "bg-note text-on-note",
  bad: "bg-danger-soft text-danger",
} as const;

export type BadgeLook = keyof typeof LOOKS;

/** A word about a state. */
export function Badge({ look = "neutral", children }: { look?: BadgeLook; children: ReactNode }) {
  return <span className={`inline-flex max-w-full items-center gap-1 rounded-md px-1.5 py-0.5 text-xs font-medium whitespace-nowrap ${LOOKS[look]}`}>{children}</span>;
}
