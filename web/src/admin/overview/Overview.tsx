/** The numbers of a period: tiles, each of which opens the conversations that it counts, and a chart of each that adds up. */

import { timestampFromMs, timestampMs } from "@bufbuild/protobuf/wkt";
import type { ReportRow } from "@contracts/admin/v1/report_pb";
import { ReportService } from "@contracts/admin/v1/report_service_pb";
import { useMemo } from "react";
import { Link } from "react-router";

import { Select } from "../../ui/Select";
import { moment, useNow } from "../../ui/time";
import { useAddress } from "../data/address";
import { useCall } from "../data/calls";
import { useSession } from "../data/session";
import { Page } from "../shell/Page";
import { Loaded, Skeleton } from "../shell/states";
import { Chart } from "./Chart";
import { METRICS, numberOf, series, written, type Metric } from "./numbers";
import { beginning, PERIODS, periodOf, stepOf, stepsOf, type Period } from "./period";
import { useChannels, useTimeZone } from "./places";

const LIVE_MS = 5_000;
/** Charts change less, and cost more. */
const CHARTS_MS = 20_000;
const CHARTED = METRICS.filter(({ charted }) => charted);

export function Component() {
  const [search, set] = useAddress();
  const period = periodOf(search.get("period"));
  const channel = search.get("channel") ?? "";
  const zone = useTimeZone();
  const channels = useChannels();
  return (
    <Page
      title="Overview"
      about="What your customers ask, and how it is answered. Each number opens the conversations that it counts."
      wide
      actions={
        <>
          <Select label="Channel" quiet value={channel || "all"} onChange={(id) => set({ channel: id === "all" ? "" : id })} options={[{ id: "all", label: "All channels" }, ...channels]} className="w-44" />
          <Select label="Period" quiet value={period} onChange={(id) => set({ period: id })} options={PERIODS} className="w-40" />
        </>
      }
    >
      {zone && <Numbers period={period} channel={channel} zone={zone} />}
    </Page>
  );
}

interface NumbersProps {
  period: Period;
  channel: string;
  zone: string;
}

function Numbers({ period, channel, zone }: NumbersProps) {
  const { organization } = useSession();
  const now = useNow(60_000);
  const steps = useMemo(() => stepsOf(period, zone, now), [period, zone, now]);
  const query = {
    interval: { startTime: timestampFromMs(beginning(period, zone, now)) },
    timeZone: zone,
    filters: channel ? [{ dimension: "channel", values: [`${organization}/channels/${channel}`] }] : [],
  };
  const total = useCall(ReportService.method.queryReport, { parent: organization, query: { ...query, metrics: METRICS.map(({ id }) => id) } }, { every: LIVE_MS, keep: true });
  const split = useCall(
    ReportService.method.queryReport,
    { parent: organization, pageSize: 1000, query: { ...query, metrics: CHARTED.map(({ id }) => id), dimensions: [stepOf(period)] } },
    { every: CHARTS_MS, keep: true },
  );
  return (
    <>
      <Loaded of={total} skeleton={<Skeleton rows={10} />}>
        {({ total: row, asOfTime }) => (
          <>
            <ul className="grid grid-cols-1 gap-3 sm:grid-cols-2 lg:grid-cols-3">
              {METRICS.map((metric, index) => (
                <Tile key={metric.id} metric={metric} row={row} index={index} to={linkTo(metric, period, channel)} />
              ))}
            </ul>
            <p className="mt-3 text-xs text-muted">
              {asOfTime ? `Counted until ${moment(timestampMs(asOfTime))}` : "Counted continuously"}. Times are those of {zone}.
            </p>
          </>
        )}
      </Loaded>
      <h2 className="mt-8 mb-3 text-sm font-semibold">{stepOf(period) === "hour" ? "By hour" : "By day"}</h2>
      <Loaded of={split}>
        {({ rows }) => (
          <div className="grid grid-cols-1 gap-3 md:grid-cols-2 xl:grid-cols-3">
            {CHARTED.map((metric, index) => (
              <Chart
                key={metric.id}
                title={metric.label}
                points={series(rows, index + 1, steps)}
                nameOf={nameIn(zone, period)}
                step={stepOf(period) === "hour" ? "Hour" : "Day"}
              />
            ))}
          </div>
        )}
      </Loaded>
    </>
  );
}

function Tile({ metric, row, index, to }: { metric: Metric; row: ReportRow | undefined; index: number; to: string }) {
  const value = row?.values[index];
  const nothing = !numberOf(value);
  const content = (
    <>
      <span className="block text-sm text-muted">{metric.label}</span>
      <span className="mt-1 block font-display text-3xl font-semibold tracking-tight tabular-nums" data-metric={metric.id}>
        {written(value)}
      </span>
      <span className="mt-1 block text-xs text-muted">{metric.help}</span>
    </>
  );
  const look = "block h-full rounded-xl border border-line bg-surface px-5 py-4";
  return (
    <li>
      {nothing ? (
        <div className={look}>{content}</div>
      ) : (
        <Link to={to} className={`${look} transition-colors hover:border-edge`}>
          {content}
        </Link>
      )}
    </li>
  );
}

function linkTo(metric: Metric, period: Period, channel: string): string {
  const search = new URLSearchParams({ metric: metric.id, period, ...(channel && { channel }) });
  return `/conversations?${search.toString()}`;
}

function nameIn(zone: string, period: Period): (at: number) => string {
  const format = new Intl.DateTimeFormat(
    undefined,
    stepOf(period) === "hour" ? { timeZone: zone, hour: "numeric", minute: "2-digit" } : { timeZone: zone, weekday: "short", day: "numeric", month: "short" },
  );
  return (at) => format.format(at);
}
