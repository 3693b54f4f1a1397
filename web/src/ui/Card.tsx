import type { ReactNode } from "react";

interface Props {
  title?: ReactNode;
  about?: ReactNode;
  actions?: ReactNode;
  children?: ReactNode;
  className?: string;
}

/** A group of things that belong together. */
export function Card({ title, about, actions, children, className = "" }: Props) {
  return (
    <section className={`rounded-xl border border-line bg-surface ${className}`}>
      {(title !== undefined || actions) && (
        <div className={`flex flex-wrap items-start gap-x-4 gap-y-2 px-5 pt-4 ${children === undefined ? "pb-4" : ""}`}>
          <div className="min-w-0 flex-1 basis-56">
            {title !== undefined && <h2 className="text-sm font-semibold">{title}</h2>}
            {about && <p className="mt-0.5 text-sm text-muted">{about}</p>}
          </div>
          {actions && <div className="flex flex-wrap items-center gap-2">{actions}</div>}
        </div>
      )}
      {children !== undefined && <div className="px-5 py-4">{children}</div>}
    </section>
  );
}

/** Names and values. */
export function Facts({ rows }: { rows: readonly (readonly [label: string, value: ReactNode])[] }) {
  return (
    <dl className="grid grid-cols-1 gap-x-6 gap-y-1 text-sm sm:grid-cols-[minmax(7rem,auto)_1fr] sm:gap-y-2">
      {rows.map(([label, value]) => (
        <div key={label} className="contents">
          <dt className="text-muted max-sm:mt-2">{label}</dt>
          <dd className="min-w-0 break-words">{value}</dd>
        </div>
      ))}
    </dl>
  );
}
