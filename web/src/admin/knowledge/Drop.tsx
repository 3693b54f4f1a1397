/** Files that are dropped anywhere on a page, and how far they are. */

import type { Document } from "@contracts/memory/v1/document_pb";
import { useEffect, useState, type DragEvent, type ReactNode } from "react";
import { Link } from "react-router";

import { useStore } from "../../chat/store";
import { Button, IconButton } from "../../ui/Button";
import { Icon } from "../../ui/Icon";
import { Spinner } from "../../ui/Spinner";
import { idOf, useSession } from "../data/session";
import { Brought } from "./brought";
import { sender } from "./send";
import { droppedFiles, type Given } from "./sources";
import { isDone, Uploads, type Sending } from "./uploads";
import { size } from "./words";

/** The files of this page on their way. `onDone` is called when another one has become a document. */
export function useUploads(onDone: () => void): Uploads {
  const { organization, account, transport } = useSession();
  const [uploads] = useState(() => new Uploads(sender({ parent: organization, account, transport }), new Brought(organization)));
  const { files } = useStore(uploads.store);
  const done = files.filter(isDone).length;
  useEffect(() => {
    if (done > 0) onDone();
    // `onDone` is new in each render; only another finished file matters.
  }, [done]);
  return uploads;
}

export function DropArea({ enabled, onFiles, children }: { enabled: boolean; onFiles: (files: Given[]) => void; children: ReactNode }) {
  const [over, setOver] = useState(0);
  if (!enabled) return children;
  const holdsFiles = (event: DragEvent) => event.dataTransfer.types.includes("Files");
  return (
    <div
      className="relative min-h-full"
      onDragEnter={(event) => holdsFiles(event) && setOver((depth) => depth + 1)}
      onDragLeave={(event) => holdsFiles(event) && setOver((depth) => Math.max(0, depth - 1))}
      onDragOver={(event) => holdsFiles(event) && event.preventDefault()}
      onDrop={(event) => {
        if (!holdsFiles(event)) return;
        event.preventDefault();
        setOver(0);
        void droppedFiles(event.dataTransfer).then(onFiles);
      }}
    >
      {children}
      {over > 0 && (
        <div className="pointer-events-none fixed inset-4 z-30 grid place-items-center rounded-2xl border-2 border-dashed border-accent bg-soft/90 text-on-soft">
          <p className="flex items-center gap-3 text-base font-semibold">
            <Icon name="file" />
            Drop files, a folder or a ZIP file to add them
          </p>
        </div>
      )}
    </div>
  );
}

/** At most so many rows are drawn of an import of thousands. */
const SHOWN = 100;
const ORDER: readonly Sending["state"][] = ["asking", "sending", "failed", "waiting", "done", "unchanged"];

/** So many of the documents that would be replaced are named. */
const NAMED = 5;

/** `changed`: documents as they are now, for those that could not be read. */
export function UploadList({ uploads, changed }: { uploads: Uploads; changed: ReadonlyMap<string, Document | null> }) {
  const { files } = useStore(uploads.store);
  if (files.length === 0) return null;
  const counted = (state: Sending["state"]) => files.filter((file) => file.state === state).length;
  const [unchanged, failed, done] = [counted("unchanged"), counted("failed"), files.filter(isDone).length];
  const asking = files.filter(({ state }) => state === "asking");
  const few = files.length > SHOWN ? ORDER.flatMap((state) => files.filter((file) => file.state === state)).slice(0, SHOWN) : files;
  const also = [...(unchanged ? [`${unchanged} unchanged`] : []), ...(failed ? [`${failed} not added`] : [])];
  return (
    <section aria-label="Uploads" className="mb-4 overflow-hidden rounded-xl border border-line bg-surface text-sm">
      <div className="flex items-center gap-3 border-b border-line px-4 py-1.5">
        <p role="status" className="flex-1 font-medium">
          {done === files.length ? `${done === 1 ? "1 file is" : `${done} files are`} uploaded` : `${done} of ${files.length} files uploaded`}
          {also.length > 0 && `: ${also.join(", ")}`}
        </p>
        {done > 0 && (
          <Button look="quiet" onClick={() => uploads.clear()}>
            Clear finished
          </Button>
        )}
      </div>
      {asking.length > 0 && (
        <div role="alert" className="flex flex-wrap items-center gap-2 border-b border-line bg-note px-4 py-2 text-on-note">
          <p className="min-w-0 flex-1 basis-60 break-words">
            {asking.length === 1 ? "1 document will be replaced" : `${asking.length} documents will be replaced`}: {asking.slice(0, NAMED).map(({ name }) => name).join(", ")}
            {asking.length > NAMED && ` and ${asking.length - NAMED} more`}. They came from files of the same names, perhaps in another folder.
          </p>
          <Button onClick={() => uploads.keepDocuments()}>Keep them</Button>
          <Button look="danger" onClick={() => uploads.replace()}>
            Replace
          </Button>
        </div>
      )}
      <ul className="max-h-72 overflow-y-auto">
        {few.map((file) => (
          <UploadRow key={file.id} file={file} uploads={uploads} unread={changed.get(file.document)?.error?.message ?? ""} />
        ))}
      </ul>
      {few.length < files.length && <p className="border-t border-line px-4 py-2 text-xs text-muted">And {files.length - few.length} more.</p>}
    </section>
  );
}

function UploadRow({ file, uploads, unread }: { file: Sending; uploads: Uploads; unread: string }) {
  const { id, name, state, document, sent } = file;
  const problem = file.problem || unread;
  return (
    <li className="flex min-h-11 items-center gap-3 border-b border-line px-4 py-1 last:border-0">
      {state === "sending" ? <Spinner /> : <Icon name={problem ? "alert" : isDone(file) ? "check" : "clock"} className={`size-4 ${problem ? "text-danger" : "text-muted"}`} />}
      <div className="min-w-0 flex-1">
        <p className="truncate">
          {document ? (
            <Link to={`/knowledge/documents/${idOf(document)}`} className="font-medium hover:underline">
              {name}
            </Link>
          ) : (
            name
          )}
        </p>
        {problem && <p className="text-xs text-danger">{problem}</p>}
        {state === "asking" && <p className="text-xs text-muted">Would replace a document</p>}
        {state === "unchanged" && !problem && <p className="text-xs text-muted">Unchanged</p>}
        {state === "sending" && <progress aria-label={`Upload of ${name}`} max={file.size} value={sent} className="mt-1 h-1 w-full max-w-80 accent-accent" />}
      </div>
      <span className="text-xs text-muted">{size(file.size)}</span>
      {state === "failed" && uploads.canRetry(id) && (
        <Button look="quiet" onClick={() => uploads.retry(id)}>
          Try again
        </Button>
      )}
      <IconButton icon="close" label={isDone(file) || state === "failed" ? `Dismiss ${name}` : `Cancel ${name}`} className="size-9!" onClick={() => uploads.dismiss(id)} />
    </li>
  );
}
