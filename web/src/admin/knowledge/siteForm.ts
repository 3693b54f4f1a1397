/** A site as its form holds it, and the request that it makes. */

import { create } from "@bufbuild/protobuf";
import { durationFromMs, durationMs } from "@bufbuild/protobuf/wkt";
import { Discovery, SiteSchema, type Site } from "@contracts/memory/v1/site_pb";

const HOUR_MS = 3_600_000;

export interface SiteValue {
  startUri: string;
  displayName: string;
  /** One beginning of a path in each line. */
  includePaths: string;
  excludePaths: string;
  maxDepth: number | undefined;
  maxPages: number | undefined;
  /** Hours; 0: only by hand. */
  everyHours: number;
  discovery: Discovery;
}

export const SCHEDULES = [
  { id: "0", label: "Only when I ask" },
  { id: "24", label: "Every day" },
  { id: "168", label: "Every week" },
  { id: "720", label: "Every 30 days" },
] as const;

export const NEW_SITE: SiteValue = {
  startUri: "",
  displayName: "",
  includePaths: "",
  excludePaths: "",
  maxDepth: undefined,
  maxPages: undefined,
  everyHours: 168,
  discovery: Discovery.SITEMAPS_AND_LINKS,
};

export function valueOf(site: Site): SiteValue {
  return {
    startUri: site.startUri,
    displayName: site.displayName,
    includePaths: site.includePaths.join("\n"),
    excludePaths: site.excludePaths.join("\n"),
    maxDepth: site.maxDepth || undefined,
    maxPages: site.maxPages || undefined,
    everyHours: site.crawlInterval ? durationMs(site.crawlInterval) / HOUR_MS : 0,
    discovery: site.discovery || Discovery.SITEMAPS_AND_LINKS,
  };
}

/** The choices of a schedule, with one that was set by the API. */
export function schedules(everyHours: number): readonly { id: string; label: string }[] {
  const id = String(everyHours);
  return SCHEDULES.some((each) => each.id === id) ? SCHEDULES : [...SCHEDULES, { id, label: `Every ${everyHours} hours` }];
}

export function siteOf(value: SiteValue, startUri: string, name = "", etag = ""): Site {
  return create(SiteSchema, {
    name,
    etag,
    startUri,
    displayName: value.displayName.trim(),
    includePaths: pathsOf(value.includePaths),
    excludePaths: pathsOf(value.excludePaths),
    maxDepth: value.maxDepth ?? 0,
    maxPages: value.maxPages ?? 0,
    discovery: value.discovery,
    crawlInterval: durationFromMs(value.everyHours * HOUR_MS),
  });
}

/** The fields of a site that a form changes, for an update mask. */
export const FIELDS = ["display_name", "start_uri", "include_paths", "exclude_paths", "max_depth", "max_pages", "discovery", "crawl_interval"] as const;

/** Paths as lines of a text; whole addresses lose their host. */
export function pathsOf(text: string): string[] {
  const lines = text.split("\n").map((line) => line.trim().replace(/^https?:\/\/[^/]+/i, ""));
  return lines.filter((line) => line !== "").map((line) => (line.startsWith("/") ? line : `/${line}`));
}
