import { MessageKind } from "@contracts/core/v1/message_pb";
import { DocumentState, type Document } from "@contracts/memory/v1/document_pb";
import { DocumentService } from "@contracts/memory/v1/document_service_pb";
import { useEffect, useRef, useState } from "react";
import { Link } from "react-router";

import { Button } from "../../ui/Button";
import { Drawer } from "../../ui/Dialog";
import { TextArea, TextField } from "../../ui/Field";
import { Icon } from "../../ui/Icon";
import { Spinner } from "../../ui/Spinner";
import { useAction, useRequestId } from "../data/calls";
import { idOf, useMay, useSession } from "../data/session";
import { useChangedDocuments } from "../knowledge/live";
import { AnswerCard } from "../playground/AnswerCard";
import { usePreview } from "../playground/preview";

interface Props {
  question: string;
  /** The assistant answers it now. */
  onAnswered: () => void;
  onClose: () => void;
}

/** Writes the answer to a question as a document, waits until it can be found, and asks the question. */
export function AnswerDrawer({ question, onAnswered, onClose }: Props) {
  const { organization } = useSession();
  const { requestId } = useRequestId();
  const mayTry = useMay("core.replies.preview");
  const create = useAction(DocumentService.method.createDocument, { quiet: true });
  const [title, setTitle] = useState(() => headline(question));
  const [text, setText] = useState("");
  const [made, setMade] = useState<Document>();
  const changed = useChangedDocuments();
  const document = made && (changed.get(made.name) ?? made);
  const { answer, ask } = usePreview();
  const tried = useRef(false);
  useEffect(() => {
    if (document?.state !== DocumentState.READY || tried.current || !mayTry) return;
    tried.current = true;
    void ask(question.slice(0, 4000), []).then((complete) => {
      if (complete?.kind === MessageKind.ANSWER) onAnswered();
    });
    // Once, as soon as it is ready; the callbacks are new in each render.
  }, [document?.state]);
  const save = async () => {
    const source = { case: "text", value: { content: contentOf(title, text), mediaType: "text/markdown" } } as const;
    setMade(await create.run({ parent: organization, requestId, document: { title: title.trim(), source } }));
  };
  return (
    <Drawer
      title="Write the answer"
      open
      wide
      onClose={onClose}
      footer={
        document ? (
          <Button look="primary" onClick={onClose}>
            Done
          </Button>
        ) : (
          <>
            <Button onClick={onClose}>Cancel</Button>
            <Button look="primary" busy={create.busy} disabled={text.trim() === ""} onClick={() => void save()}>
              Save and try
            </Button>
          </>
        )
      }
    >
      <div className="flex flex-col gap-4">
        <section aria-label="Question" className="rounded-xl bg-sunken px-4 py-3">
          <p dir="auto" className="break-words">
            {question}
          </p>
        </section>
        {document ? (
          <>
            <Progress document={document} />
            {answer && <AnswerCard title="The assistant now" answer={answer} />}
            {answer?.phase === "done" && answer.kind !== MessageKind.ANSWER && (
              <p className="text-muted">
                It still doesn't answer. Use the customer's own words in the text, or look in the{" "}
                <Link to={`/knowledge/playground?question=${encodeURIComponent(question)}`} className="text-accent underline">
                  playground
                </Link>{" "}
                why the passage is dropped.
              </p>
            )}
          </>
        ) : (
          <>
            <TextField label="Title" value={title} onChange={setTitle} maxLength={200} help="Customers see it beside the answer." />
            <TextArea
              label="Answer"
              value={text}
              onChange={setText}
              rows={8}
              required
              help="Write it as you would to the customer. It becomes a document, and answers similar questions too."
              problem={create.failure?.sentence}
            />
          </>
        )}
      </div>
    </Drawer>
  );
}

function Progress({ document }: { document: Document }) {
  const { state, name, error } = document;
  const link = (
    <Link to={`/knowledge/documents/${idOf(name)}`} className="text-accent underline">
      the document
    </Link>
  );
  if (state === DocumentState.FAILED) {
    return (
      <p role="alert" className="rounded-lg bg-danger-soft px-3 py-2 text-danger">
        {error?.message ?? "It couldn't be read."} Open {link}.
      </p>
    );
  }
  if (state === DocumentState.READY) {
    return (
      <p role="status" className="flex items-center gap-2">
        <Icon name="check" className="size-4 text-accent" /> <span>Saved: {link} is ready.</span>
      </p>
    );
  }
  return (
    <p role="status" className="flex items-center gap-2 text-muted">
      <Spinner /> Reading the new document…
    </p>
  );
}

/** A question as a title: its first sentence, without what people write around it. */
export function headline(question: string): string {
  const first = question.trim().split(/(?<=[?!.])\s|\n/)[0] ?? "";
  return first.length <= 120 ? first : `${first.slice(0, 119).trimEnd()}…`;
}

/** The document: the question stands in it as a heading, so that it is found by the customer's words. */
export function contentOf(title: string, text: string): string {
  const heading = title.trim().replace(/\s+/g, " ");
  return heading ? `# ${heading}\n\n${text.trim()}\n` : `${text.trim()}\n`;
}
