/** Points in time, as the contracts give them. */

import type { Timestamp } from "@bufbuild/protobuf/wkt";
import { timestampMs } from "@bufbuild/protobuf/wkt";

import { ago, moment, useNow } from "./time";

/** `3 min ago`, with date and time as a tooltip. `never` is drawn where there is no time. */
export function Ago({ at, never = "Never" }: { at: Timestamp | undefined; never?: string }) {
  const now = useNow(30_000);
  if (!at) return <span className="text-muted">{never}</span>;
  const ms = timestampMs(at);
  return (
    <time dateTime={new Date(ms).toISOString()} title={moment(ms)} className="whitespace-nowrap">
      {ago(ms, now)}
    </time>
  );
}
