/** Follows the organization's documents as they change, for every list and page that shows one. */

import { createClient } from "@connectrpc/connect";
import type { Document } from "@contracts/memory/v1/document_pb";
import { DocumentService } from "@contracts/memory/v1/document_service_pb";
import { useEffect, useState } from "react";

import { watch } from "../../api/watch";
import { useRefresh } from "../data/calls";
import { useSession } from "../data/session";

const REFRESH_MS = 1_000;

/**
 * Documents that changed since the page was opened, by name; null: it was deleted. Lists are fetched again at most each second,
 * and once when the changes begin to come: what is known of a list may be older.
 */
export function useChangedDocuments(): ReadonlyMap<string, Document | null> {
  const { organization, transport } = useSession();
  const refresh = useRefresh();
  const [changed, setChanged] = useState<ReadonlyMap<string, Document | null>>(new Map());
  useEffect(() => {
    const client = createClient(DocumentService, transport);
    const stop = new AbortController();
    const known = new Map<string, Document | null>();
    let timer: ReturnType<typeof setTimeout> | undefined;
    let begins = false;
    const list = () => {
      timer ??= setTimeout(() => {
        timer = undefined;
        refresh(DocumentService.method.listDocuments, DocumentService.method.getDocument);
      }, REFRESH_MS);
    };
    const note = (name: string, document: Document | null) => {
      const before = known.get(name);
      known.set(name, document);
      setChanged(new Map(known));
      // Progress alone is drawn over the list; what is new, done or gone changes the list itself.
      if (before?.state !== document?.state || before === undefined) list();
    };
    void watch(
      {
        load: () => Promise.resolve(""),
        open: (resumeToken, signal, opened) => {
          begins = resumeToken === "";
          return client.watchDocuments({ parent: organization, resumeToken }, { signal, onHeader: opened });
        },
        frame: ({ event }) => {
          if (begins) list();
          begins = false;
          if (event.case === "document") note(event.value.name, event.value);
          if (event.case === "deleted") note(event.value, null);
        },
        connection: () => undefined,
        restsUnseen: true,
      },
      stop.signal,
    );
    return () => {
      stop.abort();
      clearTimeout(timer);
    };
  }, [organization, transport, refresh]);
  return changed;
}

/** Rows of a list as they are now. */
export function withChanges(rows: readonly Document[], changed: ReadonlyMap<string, Document | null>): readonly Document[] {
  return rows.flatMap((row) => {
    const now = changed.get(row.name);
    if (now === null) return [];
    return [now !== undefined && now.revision >= row.revision ? now : row];
  });
}
