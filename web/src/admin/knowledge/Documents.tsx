import type { Document } from "@contracts/memory/v1/document_pb";
import { DocumentState } from "@contracts/memory/v1/document_pb";
import { DocumentService } from "@contracts/memory/v1/document_service_pb";
import { useDeferredValue, useEffect, useMemo, useRef, useState, type ChangeEvent } from "react";

import { Ago } from "../../ui/Ago";
import { Badge } from "../../ui/Badge";
import { Button } from "../../ui/Button";
import { DataTable, type Column } from "../../ui/DataTable";
import { SearchField } from "../../ui/Field";
import { Menu } from "../../ui/Menu";
import { Select } from "../../ui/Select";
import { useAddress } from "../data/address";
import { useAction, usePages, useRefresh } from "../data/calls";
import { idOf, useMay, useSession } from "../data/session";
import { Page } from "../shell/Page";
import { Empty, Loaded } from "../shell/states";
import { AddPageDialog, AddTextDialog } from "./AddDialogs";
import { byCited, citedText, useCited, type Cited } from "./citations";
import { DropArea, UploadList, useUploads } from "./Drop";
import { useChangedDocuments, withChanges } from "./live";
import { chosenFiles, sourcesOf, type Given } from "./sources";
import { sourceOf, stateOf, titleOf } from "./words";

const STATES = [
  { id: "all", label: "All states" },
  { id: "READY", label: "Ready" },
  { id: "FAILED", label: "Failed" },
  { id: "INDEXING", label: "Indexing" },
  { id: "PENDING", label: "Waiting" },
] as const;

/** Every browser knows it, but React's types don't. */
const FOLDER = { webkitdirectory: "" };
const ORDERS = [
  { id: "newest", label: "Newest first" },
  { id: "least", label: "Least cited first" },
  { id: "most", label: "Most cited first" },
] as const;

const COLUMNS: readonly Column<Document>[] = [
  { id: "title", head: "Title", cell: titleOf },
  { id: "source", head: "Source", width: "6rem", from: "sm", cell: sourceOf },
  { id: "passages", head: "Passages", width: "5rem", end: true, from: "md", cell: ({ passageCount }) => passageCount || "–" },
  { id: "updated", head: "Updated", width: "8rem", from: "md", cell: ({ updateTime }) => <Ago at={updateTime} /> },
  { id: "state", head: "State", width: "8.5rem", cell: (row) => <State document={row} /> },
];

function citedColumn(cited: Cited): Column<Document> {
  return { id: "cited", head: "Cited, 30 days", width: "6.5rem", end: true, from: "lg", cell: ({ name }) => citedText(cited.get(name)) };
}

export function State({ document }: { document: Document }) {
  const { look, text } = stateOf(document);
  return <Badge look={look}>{text}</Badge>;
}

export function Component() {
  const [params, set] = useAddress();
  const { organization } = useSession();
  const mayAdd = useMay("memory.documents.create");
  const mayCite = useMay("core.citations.read");
  const [query, state, adding] = [params.get("query") ?? "", params.get("state") ?? "all", params.get("add")];
  const sort = params.get("sort") ?? "newest";
  const asked = useDeferredValue(query.trim());
  const order = mayCite && (sort === "least" || sort === "most") ? sort : undefined;
  const request = { parent: organization, ...(order && { pageSize: 100 }), query: asked, state: DocumentState[state as keyof typeof DocumentState] ?? DocumentState.UNSPECIFIED };
  const documents = usePages(DocumentService.method.listDocuments, request, (page) => page.documents, { keep: true });
  const changed = useChangedDocuments();
  const refresh = useRefresh();
  const uploads = useUploads(() => refresh(DocumentService.method.listDocuments));
  const take = (given: readonly Given[]) => void sourcesOf(given).then((sources) => uploads.add(sources));
  const [picker, folderPicker] = [useRef<HTMLInputElement>(null), useRef<HTMLInputElement>(null)];
  const filtered = asked !== "" || state !== "all";
  const rows = useMemo(() => documents.data && withChanges(documents.data, changed), [documents.data, changed]);
  const cited = useCited(useMemo(() => rows?.map(({ name }) => name) ?? [], [rows]));
  const columns = useMemo(() => (mayCite ? [...COLUMNS.slice(0, 3), citedColumn(cited), ...COLUMNS.slice(3)] : COLUMNS), [mayCite, cited]);
  const more = order ? { ...documents, top: undefined } : documents; // an order by citations needs all of them
  const shown = { ...documents, data: rows && order ? byCited(rows, cited, order) : rows };
  useEffect(() => {
    if (order && documents.hasMore && !documents.loadingMore) documents.more(); // the least cited may be the oldest
  }, [order, documents]);
  return (
    <DropArea enabled={mayAdd} onFiles={take}>
      <Page
        title="Documents"
        about="The assistant answers from these texts, files and web pages. Drop files, a folder or a ZIP file anywhere on this page to add them."
        actions={
          <>
            <MoreActions importFolder={() => folderPicker.current?.click()} />
            {mayAdd && (
              <>
                <Button icon="globe" onClick={() => set({ add: "page" })}>
                  Web page
                </Button>
                <Button icon="note" onClick={() => set({ add: "text" })}>
                  Write text
                </Button>
                <Button look="primary" icon="plus" onClick={() => picker.current?.click()}>
                  Upload files
                </Button>
                <input
                  ref={picker}
                  type="file"
                  multiple
                  className="sr-only"
                  tabIndex={-1}
                  aria-label="Files to upload"
                  accept=".pdf,.docx,.txt,.md,.markdown,.html,.htm,.csv,.zip"
                  onChange={picked(take)}
                />
                <input ref={folderPicker} type="file" {...FOLDER} className="sr-only" tabIndex={-1} aria-label="Folder to import" onChange={picked(take)} />
              </>
            )}
          </>
        }
      >
        <UploadList uploads={uploads} changed={changed} />
        <div className="mb-3 flex flex-wrap gap-2">
          <SearchField label="Search by title, file name or address" value={query} onChange={(value) => set({ query: value })} className="min-w-0 flex-1 basis-60" />
          <Select label="State" quiet value={state} onChange={(id) => set({ state: id === "all" ? "" : id })} options={STATES} className="w-40" />
          {mayCite && <Select label="Order" quiet value={sort} onChange={(id) => set({ sort: id === "newest" ? "" : id })} options={ORDERS} className="w-44" />}
        </div>
        <Loaded
          of={shown}
          empty={
            filtered ? (
              <Empty icon="search" title="No document matches">
                Try other words, or show all states.
              </Empty>
            ) : (
              <Empty icon="book" title="No documents yet" action={mayAdd && <Button look="primary" icon="plus" onClick={() => picker.current?.click()}>Upload files</Button>}>
                Drop files here, write a text, or add a web page or a whole site. The assistant only answers from what you add.
              </Empty>
            )
          }
        >
          {(rows) => <DataTable label="Documents" rows={rows} more={more} id={({ name }) => name} columns={columns} to={({ name }) => `/knowledge/documents/${idOf(name)}`} />}
        </Loaded>
        {adding === "text" && <AddTextDialog onClose={() => set({ add: "" })} />}
        {adding === "page" && <AddPageDialog onClose={() => set({ add: "" })} />}
      </Page>
    </DropArea>
  );
}

/** Takes the files that a field chose; the same can be chosen again after it. */
function picked(take: (given: readonly Given[]) => void) {
  return (event: ChangeEvent<HTMLInputElement>) => {
    take(chosenFiles(event.target.files));
    event.target.value = "";
  };
}

function MoreActions({ importFolder }: { importFolder: () => void }) {
  const { organization } = useSession();
  const [mayAdd, may] = [useMay("memory.documents.create"), useMay("memory.documents.update")];
  const [asked, setAsked] = useState(false);
  const reindex = useAction(DocumentService.method.reindexDocuments, {
    done: ({ documentCount }) => (documentCount === 1 ? "1 document is read again" : `${documentCount} documents are read again`),
  });
  if (!may && !mayAdd) return null;
  const run = async () => {
    setAsked(true);
    await reindex.run({ parent: organization });
    setAsked(false);
  };
  return (
    <Menu
      label="More actions"
      items={[
        { id: "folder", label: "Import a folder", icon: "file", hidden: !mayAdd, run: importFolder },
        { id: "reindex", label: asked ? "Reading again…" : "Read all documents again", icon: "retry", hidden: !may, run: () => void run() },
      ]}
    />
  );
}
