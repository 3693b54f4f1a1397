/** The pages of a crawl as they are done, folded from WatchCrawl. */

import { createClient } from "@connectrpc/connect";
import type { Crawl, CrawlPage } from "@contracts/memory/v1/site_pb";
import { SiteService } from "@contracts/memory/v1/site_service_pb";
import { useEffect, useState } from "react";

import { watch } from "../../api/watch";
import { useRefresh } from "../data/calls";
import { useSession } from "../data/session";
import { isRunning } from "./words";

export interface Progress {
  crawl: Crawl | undefined;
  /** The pages that were done since the page was opened, the newest first. */
  recent: readonly CrawlPage[];
}

const MAX_RECENT = 8;
const NOTHING: Progress = { crawl: undefined, recent: [] };

/** Adds a frame to what is known. */
export function advanced(before: Progress, crawl: Crawl | undefined, pages: readonly CrawlPage[]): Progress {
  return { crawl: crawl ?? before.crawl, recent: [...[...pages].reverse(), ...before.recent].slice(0, MAX_RECENT) };
}

/** Follows a crawl until it has ended; empty: none. */
export function useCrawl(name: string): Progress {
  const { transport } = useSession();
  const refresh = useRefresh();
  const [followed, setFollowed] = useState<{ name: string; progress: Progress }>({ name, progress: NOTHING });
  useEffect(() => {
    if (!name) return;
    const client = createClient(SiteService, transport);
    const stop = new AbortController();
    let progress = NOTHING;
    void watch(
      {
        load: () => Promise.resolve(""),
        open: (resumeToken, signal, opened) => client.watchCrawl({ name, resumeToken }, { signal, onHeader: opened }),
        frame: ({ event }) => {
          if (event.case !== "progress") return;
          progress = advanced(progress, event.value.crawl, event.value.pages);
          setFollowed({ name, progress });
          if (isRunning(progress.crawl)) return;
          stop.abort();
          refresh(SiteService.method.getSite, SiteService.method.listSites, SiteService.method.listCrawlPages, SiteService.method.listCrawls);
        },
        connection: () => undefined,
        restsUnseen: true,
      },
      stop.signal,
    );
    return () => stop.abort();
  }, [name, transport, refresh]);
  return followed.name === name ? followed.progress : NOTHING;
}
