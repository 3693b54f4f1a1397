import { durationFromMs, timestampFromMs } from "@bufbuild/protobuf/wkt";
import { ReportService } from "@contracts/admin/v1/report_service_pb";
import type { UnansweredQuestion } from "@contracts/core/v1/evaluation_pb";
import { EvaluationService } from "@contracts/core/v1/evaluation_service_pb";
import { useState } from "react";
import { Link, useSearchParams } from "react-router";

import { Ago } from "../../ui/Ago";
import { Badge } from "../../ui/Badge";
import { Button } from "../../ui/Button";
import { Select } from "../../ui/Select";
import { moment } from "../../ui/time";
import { useCall, usePages } from "../data/calls";
import { useMay, useSession } from "../data/session";
import { numberOf } from "../overview/numbers";
import { beginning, PERIODS } from "../overview/period";
import { useTimeZone } from "../overview/places";
import { Page } from "../shell/Page";
import { Empty, Loaded } from "../shell/states";
import { AnswerDrawer } from "./AnswerDrawer";

const CHOICES = PERIODS.filter(({ days }) => days > 1);

export function Component() {
  const { organization } = useSession();
  const [params, setParams] = useSearchParams();
  const chosen = CHOICES.find(({ id }) => id === params.get("period"))?.id ?? "30d";
  const [now] = useState(Date.now);
  const zone = useTimeZone();
  const since = zone ? beginning(chosen, zone, now) : 0;
  const request = { parent: organization, period: durationFromMs(now - since) };
  const questions = usePages(EvaluationService.method.listUnansweredQuestions, request, (page) => page.unansweredQuestions, { keep: true, enabled: zone !== "" });
  const [answering, setAnswering] = useState<UnansweredQuestion>();
  const [answered, setAnswered] = useState<ReadonlySet<string>>(new Set());
  return (
    <Page
      title="Unanswered"
      about="Questions that the assistant didn't know, or after whose answer the customer asked for a human. Questions with nearly the same words are one group."
      actions={<Select label="Period" quiet value={chosen} onChange={(id) => setParams(id === "30d" ? {} : { period: id })} options={CHOICES} className="w-40" />}
    >
      {zone && <Counted since={since} zone={zone} />}
      <Loaded
        of={questions}
        empty={
          <Empty icon="check" title="No unanswered questions">
            In this time the assistant had an answer to everything that it was asked.
          </Empty>
        }
      >
        {(rows) => (
          <>
            <ol aria-label="Unanswered questions" className="flex flex-col gap-2">
              {rows.map((question) => (
                <Group key={question.messages[0] ?? question.text} question={question} answered={answered.has(question.text)} answer={() => setAnswering(question)} />
              ))}
            </ol>
            {questions.hasMore && (
              <div className="mt-4 grid justify-items-center">
                <Button busy={questions.loadingMore} onClick={questions.more}>
                  Show more
                </Button>
              </div>
            )}
          </>
        )}
      </Loaded>
      {answering && (
        <AnswerDrawer
          question={answering.text}
          onAnswered={() => setAnswered((before) => new Set([...before, answering.text]))}
          onClose={() => setAnswering(undefined)}
        />
      )}
    </Page>
  );
}

/** The overview's number of the same period, and how this list differs from it. */
function Counted({ since, zone }: { since: number; zone: string }) {
  const { organization } = useSession();
  const may = useMay("admin.reports.read");
  const query = { interval: { startTime: timestampFromMs(since) }, timeZone: zone, metrics: ["unanswered_questions"] };
  const { data } = useCall(ReportService.method.queryReport, { parent: organization, query }, { enabled: may, keep: true });
  const count = numberOf(data?.total?.values[0]);
  return (
    <p role="status" className="mb-3 text-sm text-muted">
      Since {moment(since)}
      {count !== undefined && <>, the assistant had no answer {count === 1 ? "once" : `${count} times`}, as the overview counts it</>}. This list has each question of that time once, without mere
      pictures, yes and no, and also those after whose answer the customer asked for a human.
    </p>
  );
}

function Group({ question, answered, answer }: { question: UnansweredQuestion; answered: boolean; answer: () => void }) {
  const { text, count, messages, lastTime } = question;
  const [mayAnswer, mayRead] = [useMay("memory.documents.create"), useMay("core.conversations.read")];
  return (
    <li className="flex flex-wrap items-start gap-x-4 gap-y-2 rounded-xl border border-line bg-surface px-5 py-3 text-sm">
      <div className="min-w-0 flex-1 basis-72">
        <p dir="auto" className="line-clamp-4 font-medium break-words">
          {text}
        </p>
        <p className="mt-1 flex flex-wrap items-center gap-x-3 text-xs text-muted">
          <span>{count === 1 ? "Asked once" : `Asked ${count} times`}</span>
          <Ago at={lastTime} />
          {mayRead &&
            messages.map((message, place) => (
              <Link key={message} to={`/conversations/${message.split("/")[3] ?? ""}`} className="text-accent underline">
                {messages.length === 1 ? "Conversation" : `Conversation ${place + 1}`}
              </Link>
            ))}
        </p>
      </div>
      <div className="flex items-center gap-2">
        {answered && <Badge look="good">Answered now</Badge>}
        <Link to={`/knowledge/playground?question=${encodeURIComponent(text)}`} className="inline-flex min-h-9 items-center rounded-full px-3 text-sm font-medium text-muted hover:bg-sunken hover:text-ink">
          Try
        </Link>
        {mayAnswer && (
          <Button look={answered ? "plain" : "primary"} icon="edit" onClick={answer}>
            Write answer
          </Button>
        )}
      </div>
    </li>
  );
}
