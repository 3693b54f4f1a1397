import { DocumentService } from "@contracts/memory/v1/document_service_pb";
import { PassageService } from "@contracts/memory/v1/passage_service_pb";
import type { Document } from "@contracts/memory/v1/document_pb";
import { useState } from "react";
import { Link, useNavigate, useParams } from "react-router";

import { Ago } from "../../ui/Ago";
import { Banner } from "../../ui/Banner";
import { Button } from "../../ui/Button";
import { Card, Facts } from "../../ui/Card";
import { Dialog, useConfirm } from "../../ui/Dialog";
import { TextArea, TextField } from "../../ui/Field";
import { Menu } from "../../ui/Menu";
import { useAction, useCall, usePages } from "../data/calls";
import { idOf, useMay, useSession } from "../data/session";
import { Page } from "../shell/Page";
import { Empty, Loaded } from "../shell/states";
import { CitedIn } from "./CitedIn";
import { State } from "./Documents";
import { useChangedDocuments } from "./live";
import { isMoving, size, sourceOf, titleOf, withoutScheme } from "./words";

const BACK = { to: "/knowledge/documents", label: "Documents" };

export function Component() {
  const { organization } = useSession();
  const name = `${organization}/documents/${useParams().document ?? ""}`;
  const found = useCall(DocumentService.method.getDocument, { name });
  const now = useChangedDocuments().get(name);
  const document = now && found.data && now.revision >= found.data.revision ? now : found.data;
  if (now === null) {
    return (
      <Page title="Document" back={BACK}>
        <Empty icon="trash" title="This document was deleted">
          The assistant doesn't answer from it any more.
        </Empty>
      </Page>
    );
  }
  return (
    <Page title={document ? titleOf(document) : "Document"} back={BACK} actions={document && <Actions document={document} />}>
      <Loaded of={{ ...found, data: document }}>{(one) => <Body document={one} />}</Loaded>
    </Page>
  );
}

function Body({ document }: { document: Document }) {
  const { error, warnings, source, uri } = document;
  const address = source.case === "web" ? source.value.uri : uri;
  return (
    <div className="flex flex-col gap-5">
      {error && (
        <div className="overflow-hidden rounded-xl">
          <Banner look="bad" icon="alert">
            {error.message}
          </Banner>
        </div>
      )}
      {warnings.length > 0 && (
        <div className="overflow-hidden rounded-xl">
          <Banner look="warn" icon="alert">
            {warnings.map((warning) => (
              <p key={warning}>{warning}</p>
            ))}
          </Banner>
        </div>
      )}
      <Card>
        <Facts
          rows={[
            ["State", <State document={document} />],
            ["Source", sourceOf(document)],
            ...(address ? [["Address", <Address uri={address} />] as const] : []),
            ...(document.site ? [["Site", <Link to={`/knowledge/sites/${idOf(document.site)}`} className="text-accent underline">Pages of this site</Link>] as const] : []),
            ...(source.case === "file" && source.value.fileName ? [["File", source.value.fileName] as const] : []),
            ["Size", size(Number(document.sizeBytes))],
            ["Added", <Ago at={document.createTime} />],
            ["Read", <Ago at={document.indexTime} />],
          ]}
        />
      </Card>
      <CitedIn document={document.name} />
      <Passages document={document} />
    </div>
  );
}

function Address({ uri }: { uri: string }) {
  if (!/^https?:\/\//.test(uri)) return <>{uri}</>;
  return (
    <a href={uri} target="_blank" rel="noreferrer" className="break-all text-accent underline">
      {withoutScheme(uri)}
    </a>
  );
}

function Passages({ document }: { document: Document }) {
  // A passage never changes; a new revision makes new ones.
  const passages = usePages(PassageService.method.listPassages, { parent: document.name, pageSize: 20 }, (page) => page.passages, {
    enabled: document.indexedRevision > 0n,
    keep: true,
  });
  if (document.indexedRevision === 0n) {
    return isMoving(document) ? <p className="text-sm text-muted">Its passages appear here as soon as it is read.</p> : null;
  }
  return (
    <section aria-label="Passages" className="flex flex-col gap-3">
      <h2 className="text-sm font-semibold">
        {document.passageCount === 1 ? "1 passage" : `${document.passageCount} passages`}
        <span className="ms-2 font-normal text-muted">The assistant finds and cites these.</span>
      </h2>
      <Loaded of={passages} empty={<Empty icon="file" title="No passages">There is no text in this document.</Empty>}>
        {(rows) => (
          <ol className="flex flex-col gap-2">
            {rows.map((passage) => (
              <li key={passage.name} className="rounded-xl border border-line bg-surface px-5 py-3 text-sm">
                {(passage.heading || passage.page > 0) && (
                  <p className="mb-1 flex gap-3 text-xs text-muted">
                    <span className="min-w-0 flex-1">{passage.heading}</span>
                    {passage.page > 0 && <span>Page {passage.page}</span>}
                  </p>
                )}
                <p className="break-words whitespace-pre-line">{passage.text}</p>
              </li>
            ))}
          </ol>
        )}
      </Loaded>
      {passages.hasMore && (
        <Button className="self-center" busy={passages.loadingMore} onClick={passages.more}>
          Show more
        </Button>
      )}
    </section>
  );
}

function Actions({ document }: { document: Document }) {
  const [mayUpdate, mayDelete] = [useMay("memory.documents.update"), useMay("memory.documents.delete")];
  const navigate = useNavigate();
  const confirm = useConfirm();
  const [editing, setEditing] = useState(false);
  const reindex = useAction(DocumentService.method.reindexDocument, { done: "It is read again" });
  const cancel = useAction(DocumentService.method.cancelIndexing, { done: "Cancelled" });
  const remove = useAction(DocumentService.method.deleteDocument, { done: "Deleted", refresh: [DocumentService.method.listDocuments] });
  const ask = async () => {
    const text = document.site
      ? "The assistant stops answering from it at once. The next crawl of its site adds it again: leave its path out of the site to prevent that."
      : "The assistant stops answering from it at once. This can't be undone.";
    if (!(await confirm({ title: `Delete “${titleOf(document)}”?`, text, yes: "Delete", danger: true }))) return;
    if (await remove.run({ name: document.name })) void navigate(BACK.to);
  };
  return (
    <>
      {mayUpdate && isMoving(document) && (
        <Button icon="close" busy={cancel.busy} onClick={() => void cancel.run({ name: document.name })}>
          Cancel reading
        </Button>
      )}
      {mayUpdate && !isMoving(document) && (
        <Button icon="retry" busy={reindex.busy} onClick={() => void reindex.run({ name: document.name })}>
          Read again
        </Button>
      )}
      <Menu
        label="More actions"
        items={[
          { id: "edit", label: document.source.case === "text" ? "Replace text or title" : "Change title or link", icon: "edit", hidden: !mayUpdate, run: () => setEditing(true) },
          { id: "delete", label: "Delete", icon: "trash", danger: true, hidden: !mayDelete, run: () => void ask() },
        ]}
      />
      {editing && <EditDialog document={document} onClose={() => setEditing(false)} />}
    </>
  );
}

function EditDialog({ document, onClose }: { document: Document; onClose: () => void }) {
  const [title, setTitle] = useState(document.title);
  const [uri, setUri] = useState(document.uri);
  const [text, setText] = useState("");
  const update = useAction(DocumentService.method.updateDocument, { quiet: true, done: "Saved" });
  const isText = document.source.case === "text";
  const paths = [...(title.trim() !== document.title ? ["title"] : []), ...(uri.trim() !== document.uri ? ["uri"] : []), ...(text.trim() ? ["text"] : [])];
  const save = async () => {
    const source = text.trim() ? ({ case: "text", value: { content: text, mediaType: "text/markdown" } } as const) : ({ case: undefined } as const);
    const request = { document: { name: document.name, title: title.trim(), uri: uri.trim(), etag: document.etag, source }, updateMask: { paths } };
    if (await update.run(request)) onClose();
  };
  return (
    <Dialog
      title="Change document"
      open
      wide={isText}
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button look="primary" busy={update.busy} disabled={paths.length === 0} onClick={() => void save()}>
            Save
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-4">
        <TextField label="Title" value={title} onChange={setTitle} maxLength={200} autoFocus />
        <TextField label="Link" value={uri} onChange={setUri} inputMode="url" help="Where a customer can read it: shown with each citation. Empty: no link." problem={update.failure?.sentence} />
        {isText && <TextArea label="New text" value={text} onChange={setText} rows={10} help="Replaces the whole text. Empty: it stays as it is." />}
      </div>
    </Dialog>
  );
}
