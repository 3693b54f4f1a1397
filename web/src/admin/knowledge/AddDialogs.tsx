import { DocumentService } from "@contracts/memory/v1/document_service_pb";
import { useState } from "react";
import { useNavigate } from "react-router";

import { Button } from "../../ui/Button";
import { Dialog, useConfirm } from "../../ui/Dialog";
import { TextArea, TextField } from "../../ui/Field";
import { useAction, useRequestId } from "../data/calls";
import { idOf, useSession } from "../data/session";

const MAX_TEXT = 1_000_000;

/** A text that is written or pasted. */
export function AddTextDialog({ onClose, title: given = "", text: begun = "" }: { onClose: () => void; title?: string; text?: string }) {
  const { organization } = useSession();
  const navigate = useNavigate();
  const { requestId } = useRequestId();
  const create = useAction(DocumentService.method.createDocument, { quiet: true, done: "Added" });
  const [title, setTitle] = useState(given);
  const [text, setText] = useState(begun);
  const confirm = useConfirm();
  const tooLong = new Blob([text]).size > MAX_TEXT;
  const close = async () => {
    const changed = title !== given || text !== begun;
    if (!changed || (await confirm({ title: "Discard this text?", text: "It isn't added yet.", yes: "Discard", danger: true }))) onClose();
  };
  const save = async () => {
    const source = { case: "text", value: { content: text, mediaType: "text/markdown" } } as const;
    const made = await create.run({ parent: organization, requestId, document: { title: title.trim(), source } });
    if (made) void navigate(`/knowledge/documents/${idOf(made.name)}`, { replace: true }); // the way back leads to the list, not to this dialog
  };
  return (
    <Dialog
      title="Write text"
      open
      wide
      onClose={() => void close()}
      footer={
        <>
          <Button onClick={() => void close()}>Cancel</Button>
          <Button look="primary" busy={create.busy} disabled={text.trim() === "" || tooLong} onClick={() => void save()}>
            Add
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-4">
        <TextField label="Title" value={title} onChange={setTitle} maxLength={200} help="Customers see it beside the answer. Empty: the first heading." autoFocus />
        <TextArea
          label="Text"
          value={text}
          onChange={setText}
          rows={14}
          required
          help="Plain text or Markdown. Write as you would answer a customer: one topic under each heading."
          problem={tooLong ? "This text has more than 1,000,000 bytes. Split it." : create.failure?.sentence}
        />
      </div>
    </Dialog>
  );
}

/** One web page. */
export function AddPageDialog({ onClose }: { onClose: () => void }) {
  const { organization } = useSession();
  const navigate = useNavigate();
  const { requestId } = useRequestId();
  const create = useAction(DocumentService.method.createDocument, { quiet: true, done: "Added" });
  const [address, setAddress] = useState("");
  const uri = completed(address);
  const save = async () => {
    const made = await create.run({ parent: organization, requestId, document: { source: { case: "web", value: { uri } } } });
    if (made) void navigate(`/knowledge/documents/${idOf(made.name)}`, { replace: true }); // the way back leads to the list, not to this dialog
  };
  return (
    <Dialog
      title="Add a web page"
      open
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button look="primary" busy={create.busy} disabled={uri === ""} onClick={() => void save()}>
            Add
          </Button>
        </>
      }
    >
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (uri) void save();
        }}
      >
        <TextField
          label="Address"
          value={address}
          onChange={setAddress}
          placeholder="https://shop.example/help/returns"
          inputMode="url"
          help="One page, read once. For all pages of a site, add a site instead."
          problem={create.failure?.sentence ?? (address.trim() && !uri ? "This isn't a web address. Copy it from your browser." : undefined)}
          autoFocus
        />
      </form>
    </Dialog>
  );
}

/** An address as people type it, with its scheme; empty: it is none. */
export function completed(address: string): string {
  const typed = address.trim();
  if (typed === "" || /\s/.test(typed)) return "";
  const whole = /^https?:\/\//i.test(typed) ? typed : `https://${typed}`;
  try {
    const url = new URL(whole);
    return url.hostname.includes(".") || url.hostname === "localhost" || url.port !== "" ? url.href : "";
  } catch {
    return "";
  }
}
