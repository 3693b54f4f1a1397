/** A page without its content: nothing there, nothing known yet, an error, no permission, no network. */

import { Code } from "@connectrpc/connect";
import type { ReactNode } from "react";

import type { Failure } from "../../api/errors";
import { Button } from "../../ui/Button";
import { Icon, type IconName } from "../../ui/Icon";
import { useOnline } from "../../ui/online";
import type { Query } from "../data/calls";

interface LoadedProps<T> {
  of: Query<T>;
  /** Drawn instead of an empty list. */
  empty?: ReactNode;
  skeleton?: ReactNode;
  children: (data: T) => ReactNode;
}

/** Draws what was fetched, or the state of fetching it. Known data stays when a later attempt fails, with the error above. */
export function Loaded<T>({ of, empty, skeleton, children }: LoadedProps<T>) {
  const online = useOnline();
  const { data, failure, loading, retry } = of;
  if (data !== undefined) {
    const drawn = Array.isArray(data) && data.length === 0 && empty !== undefined ? empty : children(data);
    return (
      <>
        {failure && (
          <div className="mb-3">
            <Problem failure={failure} retry={retry} small />
          </div>
        )}
        {drawn}
      </>
    );
  }
  if (failure) return <Problem failure={failure} retry={retry} />;
  if (loading && !online) return <Offline />;
  return skeleton ?? <Skeleton />;
}

interface EmptyProps {
  icon: IconName;
  title: string;
  children?: ReactNode;
  action?: ReactNode;
}

/** Nothing there yet, and what to do about it. */
export function Empty({ icon, title, children, action }: EmptyProps) {
  return (
    <div className="grid justify-items-center gap-2 rounded-xl border border-dashed border-line px-6 py-14 text-center">
      <span className="grid size-11 place-items-center rounded-full bg-sunken text-muted">
        <Icon name={icon} />
      </span>
      <p className="mt-1 font-semibold">{title}</p>
      {children && <div className="max-w-[52ch] text-sm text-muted">{children}</div>}
      {action && <div className="mt-2 flex flex-wrap justify-center gap-2">{action}</div>}
    </div>
  );
}

interface ProblemProps {
  failure: Failure;
  retry?: () => void;
  /** A line above what is known already. */
  small?: boolean;
}

/** A call failed. */
export function Problem({ failure, retry, small = false }: ProblemProps) {
  if (failure.code === Code.PermissionDenied && !small) return <NoPermission>{failure.sentence}</NoPermission>;
  const again = retry && failure.code !== Code.NotFound && (
    <Button icon="retry" onClick={retry}>
      Try again
    </Button>
  );
  if (small) {
    return (
      <div role="alert" className="flex flex-wrap items-center gap-3 rounded-lg bg-danger-soft px-3 py-2 text-sm text-danger">
        <Icon name="alert" />
        <p className="min-w-0 flex-1">{failure.sentence}</p>
        {again}
      </div>
    );
  }
  return (
    <div role="alert">
      <Empty icon="alert" title={failure.sentence} action={again} />
    </div>
  );
}

export function NoPermission({ children }: { children?: ReactNode }) {
  return (
    <Empty icon="lock" title="You can't see this page">
      {children ?? "Your role doesn't allow it. Ask an administrator for one that does."}
    </Empty>
  );
}

function Offline() {
  return (
    <Empty icon="offline" title="You're offline">
      This page loads as soon as you're back.
    </Empty>
  );
}

/** Lines where content will be. */
export function Skeleton({ rows = 6 }: { rows?: number }) {
  return (
    <div role="status" aria-label="Loading" className="flex flex-col gap-px overflow-hidden rounded-xl border border-line bg-line">
      {Array.from({ length: rows }, (_, row) => (
        <div key={row} className="flex items-center gap-4 bg-surface px-4 py-3.5">
          <span className={`h-3.5 animate-pulse-slow rounded bg-sunken ${["w-2/5", "w-1/3", "w-1/2"][row % 3]}`} />
          <span className="ms-auto h-3.5 w-16 animate-pulse-slow rounded bg-sunken" />
        </div>
      ))}
    </div>
  );
}
