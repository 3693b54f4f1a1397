/** States and sizes of documents and crawls, as people read them. */

import { DocumentState, type Document } from "@contracts/memory/v1/document_pb";
import { CrawlPageState, CrawlState, type Crawl } from "@contracts/memory/v1/site_pb";

import type { BadgeLook } from "../../ui/Badge";

export interface Word {
  look: BadgeLook;
  text: string;
}

/** A document's state; while it is indexed, how far that is. */
export function stateOf({ state, progress, error, indexedRevision }: Document): Word {
  switch (state) {
    case DocumentState.READY:
      return { look: "good", text: "Ready" };
    case DocumentState.INDEXING: {
      const [done, total] = [progress?.passagesEmbedded ?? 0, progress?.passagesTotal ?? 0];
      return { look: "info", text: total > 0 ? `Indexing ${Math.floor((100 * done) / total)} %` : "Reading" };
    }
    case DocumentState.FAILED:
      return { look: "bad", text: indexedRevision > 0n ? "Failed, older version in use" : "Failed" };
    default:
      return { look: "info", text: error ? "Waiting to retry" : "Waiting" };
  }
}

/** Whether something still happens to a document on its own. */
export function isMoving({ state }: Document): boolean {
  return state === DocumentState.PENDING || state === DocumentState.INDEXING;
}

/** Where a document comes from, in a few words. */
export function sourceOf({ source, site }: Document): string {
  if (site) return "Site";
  switch (source.case) {
    case "file":
      return source.value.fileName.includes(".") ? source.value.fileName.slice(source.value.fileName.lastIndexOf(".") + 1).toUpperCase() : "File";
    case "web":
      return "Web page";
    default:
      return "Text";
  }
}

/** The title of a document, or what else names it until it is read. */
export function titleOf({ title, source, name }: Document): string {
  if (title) return title;
  if (source.case === "file" && source.value.fileName) return source.value.fileName;
  if (source.case === "web") return withoutScheme(source.value.uri);
  return name.slice(name.lastIndexOf("/") + 1);
}

export function withoutScheme(uri: string): string {
  return uri.replace(/^https?:\/\/(www\.)?/, "").replace(/\/$/, "");
}

/** `17 bytes`, `12 KB`, `3.4 MB`. */
export function size(bytes: number): string {
  if (bytes < 1000) return `${bytes} bytes`;
  if (bytes < 1_000_000) return `${Math.round(bytes / 1000)} KB`;
  return `${(bytes / 1_000_000).toFixed(1)} MB`;
}

const CRAWLS: Record<CrawlState, Word> = {
  [CrawlState.UNSPECIFIED]: { look: "neutral", text: "Not read yet" },
  [CrawlState.PENDING]: { look: "info", text: "Starting" },
  [CrawlState.RUNNING]: { look: "info", text: "Reading" },
  [CrawlState.SUCCEEDED]: { look: "good", text: "Done" },
  [CrawlState.FAILED]: { look: "bad", text: "Ended early" },
  [CrawlState.CANCELLED]: { look: "neutral", text: "Cancelled" },
};

export function crawlState(state: CrawlState): Word {
  return CRAWLS[state] ?? CRAWLS[CrawlState.UNSPECIFIED];
}

export function isRunning(crawl: Crawl | undefined): boolean {
  return crawl?.state === CrawlState.PENDING || crawl?.state === CrawlState.RUNNING;
}

const PAGES: Record<CrawlPageState, Word> = {
  [CrawlPageState.UNSPECIFIED]: { look: "neutral", text: "–" },
  [CrawlPageState.WAITING]: { look: "neutral", text: "Waiting" },
  [CrawlPageState.NEW]: { look: "good", text: "New" },
  [CrawlPageState.CHANGED]: { look: "info", text: "Changed" },
  [CrawlPageState.UNCHANGED]: { look: "neutral", text: "Unchanged" },
  [CrawlPageState.GONE]: { look: "warn", text: "Gone" },
  [CrawlPageState.FAILED]: { look: "bad", text: "Failed" },
  [CrawlPageState.SKIPPED]: { look: "neutral", text: "Skipped" },
};

export function pageState(state: CrawlPageState): Word {
  return PAGES[state] ?? PAGES[CrawlPageState.UNSPECIFIED];
}

/** The changes since the crawl before, such as `3 new, 1 changed, 2 gone`. */
export function changesOf(crawl: Crawl): string {
  const parts = [
    [crawl.newCount, "new"],
    [crawl.changedCount, "changed"],
    [crawl.goneCount, "gone"],
    [crawl.failedCount, "failed"],
  ] as const;
  const named = parts.filter(([count]) => count > 0).map(([count, word]) => `${count} ${word}`);
  return named.length > 0 ? named.join(", ") : crawl.unchangedCount > 0 ? "Nothing changed" : "No pages yet";
}

const SKIPS: Record<string, string> = {
  ROBOTS: "forbidden by robots.txt",
  NOINDEX: "asked not to be indexed",
  EXCLUDED: "left out by this site's paths",
  OUTSIDE: "redirected to another site",
  REDIRECTED: "redirected to another page",
  DUPLICATE: "a copy of another page",
  TOO_DEEP: "too many links away",
  ENDLESS: "repeated endlessly",
  MEDIA_TYPE: "not text",
  EMPTY: "without text",
  MAX_PAGES: "over the limit of pages",
};

/** Why addresses were skipped. */
export function skipReason(reason: string): string {
  return SKIPS[reason] ?? reason.toLowerCase().replaceAll("_", " ");
}
