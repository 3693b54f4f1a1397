/** The answers that cite a document, the newest first. */

import { CitationService } from "@contracts/core/v1/citation_service_pb";
import type { ListDocumentCitationsResponse_CitedAnswer as CitedAnswer } from "@contracts/core/v1/citation_service_pb";
import { Link } from "react-router";

import { Ago } from "../../ui/Ago";
import { Button } from "../../ui/Button";
import { usePages } from "../data/calls";
import { idOf, useMay } from "../data/session";
import { Empty, Loaded } from "../shell/states";

const LINK = "inline-flex min-h-6 items-center text-accent underline";

export function CitedIn({ document }: { document: string }) {
  const may = useMay("core.citations.read");
  const answers = usePages(CitationService.method.listDocumentCitations, { parent: document, pageSize: 10 }, (page) => page.answers, { enabled: may });
  if (!may) return null;
  return (
    <section aria-label="Where it was cited" className="flex flex-col gap-3">
      <h2 className="text-sm font-semibold">Where it was cited</h2>
      <Loaded of={answers} empty={<Empty icon="chat" title="Not cited yet">No answer that is still kept cites this document.</Empty>}>
        {(rows) => (
          <ol className="flex flex-col gap-2">
            {rows.map((answer) => (
              <Answer key={answer.message} answer={answer} />
            ))}
          </ol>
        )}
      </Loaded>
      {answers.hasMore && (
        <Button className="self-center" busy={answers.loadingMore} onClick={answers.more}>
          Show more
        </Button>
      )}
    </section>
  );
}

function Answer({ answer: { message, turn, createTime, question, sources } }: { answer: CitedAnswer }) {
  const [mayRead, mayTrace, mayWords] = [useMay("core.conversations.read"), useMay("core.turns.read"), useMay("core.messages.read")];
  const conversation = `/conversations/${message.split("/")[3] ?? ""}`;
  return (
    <li className="rounded-xl border border-line bg-surface px-5 py-3 text-sm">
      <p dir="auto" className={`break-words ${question ? "line-clamp-3 font-medium" : "text-muted"}`}>
        {question || (mayWords ? "The question has no words" : "You don't have the permission to read messages")}
      </p>
      {sources.map(({ passage, heading, quote }) => (
        <blockquote key={passage} dir="auto" className="mt-1 line-clamp-3 border-s-2 border-line ps-3 break-words text-muted">
          {heading && <span className="font-medium">{heading}: </span>}
          {quote}
        </blockquote>
      ))}
      <p className="mt-1 flex flex-wrap items-center gap-x-3 text-xs text-muted">
        <Ago at={createTime} />
        {mayRead && (
          <Link to={conversation} className={LINK}>
            Conversation
          </Link>
        )}
        {mayRead && mayTrace && turn && (
          <Link to={`${conversation}?turn=${idOf(turn)}`} className={LINK}>
            How it was answered
          </Link>
        )}
      </p>
    </li>
  );
}
