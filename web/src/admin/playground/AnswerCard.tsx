import { useId, useMemo, useState, type ReactNode } from "react";

import { numbered } from "../../chat/citations";
import { SourceList, SourceMark } from "../../chat/Sources";
import { Badge } from "../../ui/Badge";
import { Card } from "../../ui/Card";
import { Markdown } from "../../ui/Markdown";
import { Spinner } from "../../ui/Spinner";
import { amount, took, verdict, type Answer } from "./preview";
import { Trace } from "./Trace";

/** An answer as a customer would get it, then what it took and how it came about. */
export function AnswerCard({ title, answer, actions }: { title: string; answer: Answer; actions?: ReactNode }) {
  const { look, text } = verdict(answer);
  const panel = useId();
  const [open, setOpen] = useState<number | null>(null);
  const { sources, marks } = useMemo(() => numbered(answer.citations), [answer.citations]);
  const toggle = (index: number) => setOpen((now) => (now === index ? null : index));
  return (
    <Card
      title={
        <span className="flex flex-wrap items-center gap-2">
          {title} <Badge look={look}>{text}</Badge> {answer.phase === "asking" && <Spinner />}
        </span>
      }
      actions={actions}
    >
      <div aria-live="polite" aria-busy={answer.phase === "asking"} className="text-[0.94rem]">
        {answer.failure && (
          <p role="alert" className="rounded-lg bg-danger-soft px-3 py-2 text-sm text-danger">
            {answer.failure.sentence}
          </p>
        )}
        {answer.text && (
          <div className={answer.phase === "asking" ? "live-text" : ""}>
            <Markdown
              text={answer.text}
              marks={marks}
              mark={(index) => <SourceMark index={index} source={sources[index - 1]} open={open === index} panel={panel} toggle={toggle} />}
            />
          </div>
        )}
        {sources.length > 0 && <SourceList sources={sources} open={open} panel={panel} toggle={toggle} />}
      </div>
      {answer.phase === "done" && <Figures answer={answer} />}
      {answer.steps.length > 0 && <Trace steps={answer.steps} />}
    </Card>
  );
}

const WRITERS: Record<string, string> = { extractive: "Quoted from pages, without a model", rules: "Frontdesk's own words" };

function Figures({ answer: { assistant, tokens, cost, firstTextMs, durationMs } }: { answer: Answer }) {
  if (!assistant) return null;
  const figures = [
    ["Written by", WRITERS[assistant] ?? assistant],
    ["First words", took(firstTextMs)],
    ["Whole answer", took(durationMs)],
    ...(tokens && tokens.inputTokens + tokens.outputTokens > 0 ? [["Tokens", `${tokens.inputTokens} in, ${tokens.outputTokens} out`]] : []),
    ...(cost ? [["Cost", amount(cost)]] : []),
  ] as const;
  return (
    <dl className="mt-4 flex flex-wrap gap-x-6 gap-y-2 border-t border-line pt-3 text-sm">
      {figures.map(([label, value]) => (
        <div key={label}>
          <dt className="text-xs text-muted">{label}</dt>
          <dd className="tabular-nums">{value}</dd>
        </div>
      ))}
    </dl>
  );
}
