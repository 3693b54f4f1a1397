/** How an answer came about: what was looked up, what the model was given, what it took, step by step. */

import { durationMs, timestampMs, type Duration, type Timestamp } from "@bufbuild/protobuf/wkt";
import { TurnState } from "@contracts/core/v1/conversation_service_pb";
import type { Turn } from "@contracts/core/v1/turn_pb";
import { TurnService } from "@contracts/core/v1/turn_service_pb";
import {
  ModelCallOutcome,
  ModelCallPurpose,
  PromptRole,
  RecallOutcome,
  StepState,
  type ModelCall,
  type Recall,
  type RecallHit,
  type TurnStep,
} from "@contracts/core/v1/turn_step_pb";
import { PassageService } from "@contracts/memory/v1/passage_service_pb";
import type { ReactNode } from "react";
import { Link, useSearchParams } from "react-router";

import { Badge, type BadgeLook } from "../../ui/Badge";
import { Facts } from "../../ui/Card";
import { Drawer } from "../../ui/Dialog";
import { Name } from "../../ui/Name";
import { useCall, usePages } from "../data/calls";
import { idOf, useMay } from "../data/session";
import { lastingFor } from "../overview/numbers";
import { Empty, Loaded, Skeleton } from "../shell/states";
import { costText } from "./cost";

export function Trace({ turn, onClose }: { turn: string; onClose: () => void }) {
  const found = useCall(TurnService.method.getTurn, { name: turn });
  const steps = usePages(TurnService.method.listTurnSteps, { parent: turn, pageSize: 100 }, (page) => page.steps);
  return (
    <Drawer title="How it was answered" open onClose={onClose} wide>
      <Loaded of={found}>{(data) => <Summary turn={data} />}</Loaded>
      <h3 className="mt-6 mb-2 text-sm font-semibold">Steps</h3>
      <Loaded
        of={steps}
        empty={
          <Empty icon="clock" title="No steps are kept">
            Steps are deleted after some days, or with their customer.
          </Empty>
        }
      >
        {(rows) => (
          <ol className="flex flex-col gap-3">
            {rows.map((step) => (
              <Step key={step.name} step={step} />
            ))}
          </ol>
        )}
      </Loaded>
    </Drawer>
  );
}

const STATES: Partial<Record<TurnState, readonly [BadgeLook, string]>> = {
  [TurnState.PENDING]: ["info", "Waits"],
  [TurnState.RUNNING]: ["info", "Runs"],
  [TurnState.DONE]: ["good", "Answered"],
  [TurnState.SUPERSEDED]: ["neutral", "The customer wrote more"],
  [TurnState.CANCELLED]: ["neutral", "Cancelled"],
  [TurnState.FAILED]: ["bad", "Failed"],
};

function Summary({ turn }: { turn: Turn }) {
  const [look, label] = STATES[turn.state] ?? ["neutral", "Unknown"];
  const rows: (readonly [string, ReactNode])[] = [
    ["Result", <Badge look={look}>{label}</Badge>],
    ["Written by", turn.assistant === "extractive" ? "Quotes from your documents" : turn.assistant || "–"],
    ["Took", took(turn.createTime, turn.finishTime)],
    ["Attempts", String(turn.attempt)],
    ["Tokens", `${turn.inputTokens.toLocaleString()} in, ${turn.outputTokens.toLocaleString()} out`],
    ["Cost", costText(turn.cost)],
  ];
  if (turn.error) rows.push(["Problem", <Name>{turn.error}</Name>]);
  return <Facts rows={rows} />;
}

function Step({ step }: { step: TurnStep }) {
  const failed = step.state === StepState.FAILED;
  return (
    <li className="rounded-xl border border-line px-4 py-3">
      <p className="flex flex-wrap items-center gap-2 text-sm font-semibold">
        {titleOf(step)}
        {failed && <Badge look="bad">Failed</Badge>}
        {step.state === StepState.CANCELLED && <Badge>Cancelled</Badge>}
        {step.attempt > 1 && <Badge look="warn">Attempt {step.attempt}</Badge>}
        <span className="ms-auto text-xs font-normal text-muted tabular-nums">{took(step.createTime, step.finishTime)}</span>
      </p>
      {step.problem && <p className="mt-1 text-sm text-danger">{step.problem}</p>}
      {step.kind.case === "recall" && <Recalled recall={step.kind.value} />}
      {step.kind.case === "modelCall" && <Called step={step} call={step.kind.value} />}
    </li>
  );
}

const PURPOSES: Record<ModelCallPurpose, string> = {
  [ModelCallPurpose.UNSPECIFIED]: "Asked the model",
  [ModelCallPurpose.REPLY]: "Wrote the answer",
  [ModelCallPurpose.WRITE_QUERY]: "Wrote a query",
  [ModelCallPurpose.CLASSIFY]: "Judged what the customer wants",
  [ModelCallPurpose.FILL_SLOTS]: "Looked for a value",
  [ModelCallPurpose.SUMMARIZE]: "Summarized earlier messages",
  [ModelCallPurpose.JUDGE_PASSAGES]: "Judged whether the passages answer",
};

function titleOf(step: TurnStep): string {
  switch (step.kind.case) {
    case "recall":
      return "Searched the knowledge";
    case "modelCall":
      return PURPOSES[step.kind.value.purpose] ?? "Asked the model";
    default:
      return "Step";
  }
}

function Recalled({ recall }: { recall: Recall }) {
  const query = recall.queryStep ? "the query that the model wrote" : `the text of message ${recall.querySeqs.join(", ")}`;
  return (
    <>
      <p className="mt-1 text-xs text-muted">
        Query: {query}. Knowledge version {String(recall.knowledgeVersion)}
        {recall.embeddingModel && `, ${recall.embeddingModel}`}.
        {recall.degraded && " One way to search was unavailable."}
      </p>
      {recall.passages.length === 0 ? (
        <p className="mt-2 text-sm text-muted">Nothing was found.</p>
      ) : (
        <ol className="mt-2 flex flex-col gap-1.5" aria-label="Passages">
          {recall.passages.map((hit) => (
            <Hit key={hit.name} hit={hit} />
          ))}
        </ol>
      )}
    </>
  );
}

const OUTCOMES: Partial<Record<RecallOutcome, readonly [BadgeLook, string]>> = {
  [RecallOutcome.USED]: ["good", "Used"],
  [RecallOutcome.BELOW_THRESHOLD]: ["neutral", "Fits too loosely"],
  [RecallOutcome.OVER_BUDGET]: ["neutral", "No room"],
  [RecallOutcome.DUPLICATE]: ["neutral", "Says the same"],
};

function Hit({ hit }: { hit: RecallHit }) {
  const may = useMay("memory.passages.read");
  const passage = useCall(PassageService.method.getPassage, { name: hit.name }, { enabled: may });
  const [look, label] = OUTCOMES[hit.outcome] ?? ["neutral", ""];
  const document = hit.name.split("/passages/")[0]!;
  return (
    <li className="rounded-lg bg-sunken px-3 py-2 text-sm">
      <p className="flex flex-wrap items-center gap-2">
        <span className="font-mono text-xs tabular-nums" aria-label={`Score ${hit.score.toFixed(2)}`}>
          {hit.score.toFixed(2)}
        </span>
        {label && <Badge look={look}>{label}</Badge>}
        <Link to={`/knowledge/documents/${idOf(document)}`} className="min-w-0 truncate font-medium hover:underline">
          {passage.data ? passage.data.heading || passage.data.documentTitle : idOf(document)}
        </Link>
      </p>
      {passage.data && <p className="mt-1 line-clamp-3 text-xs text-muted">{passage.data.text}</p>}
      {passage.failure && <p className="mt-1 text-xs text-muted">{passage.failure.sentence}</p>}
    </li>
  );
}

const ENDINGS: Partial<Record<ModelCallOutcome, string>> = {
  [ModelCallOutcome.COMPLETE]: "Complete",
  [ModelCallOutcome.TOO_LONG]: "Cut off at the limit of tokens",
  [ModelCallOutcome.REFUSED]: "Refused by the provider",
  [ModelCallOutcome.FAILED]: "Failed",
  [ModelCallOutcome.CANCELLED]: "Cut off because the turn ended",
};

function Called({ step, call }: { step: TurnStep; call: ModelCall }) {
  const [search] = useSearchParams();
  const may = useMay("core.prompts.read");
  const id = idOf(step.name);
  const open = search.get("prompt") === id;
  const turn = search.get("turn") ?? "";
  return (
    <div className="mt-2">
      <Facts
        rows={[
          ["Model", <Name>{call.model}</Name>],
          ["Tokens", `${(call.tokens?.inputTokens ?? 0).toLocaleString()} in, ${(call.tokens?.outputTokens ?? 0).toLocaleString()} out`],
          ["Cost", costText(call.cost)],
          ["First word after", call.firstTokenDuration ? span(call.firstTokenDuration) : "–"],
          ["Sent", call.attempts === 1 ? "once" : `${call.attempts} times`],
          ["Ended", ENDINGS[call.outcome] ?? "–"],
        ]}
      />
      {may && (
        <Link to={open ? `?turn=${turn}` : `?turn=${turn}&prompt=${id}`} replace aria-expanded={open} className="mt-2 inline-flex min-h-6 items-center rounded text-sm text-accent hover:underline">
          {open ? "Hide the prompt" : "Show the prompt"}
        </Link>
      )}
      {open && may && <PromptText name={`${step.name}/prompt`} />}
    </div>
  );
}

const ROLES: Partial<Record<PromptRole, string>> = {
  [PromptRole.SYSTEM]: "Instructions",
  [PromptRole.CUSTOMER]: "Customer",
  [PromptRole.ASSISTANT]: "Assistant",
  [PromptRole.TOOL]: "Tool",
};

function PromptText({ name }: { name: string }) {
  const prompt = useCall(TurnService.method.getPrompt, { name });
  return (
    <Loaded of={prompt} skeleton={<Skeleton rows={3} />}>
      {({ messages, exact }) => (
        <div className="mt-2" role="region" aria-label="Prompt">
          <p className="mb-2 text-xs text-muted">
            {exact ? "Exactly what the model was given." : "Rebuilt, but not exactly: something in it was erased or changed since."}
          </p>
          <ol className="flex flex-col gap-2">
            {messages.map(({ role, text }, index) => (
              <li key={index} className="rounded-lg border border-line">
                <p className="border-b border-line px-3 py-1 text-xs font-medium text-muted">{ROLES[role] ?? "Message"}</p>
                <pre className="max-h-80 overflow-auto px-3 py-2 font-mono text-xs break-words whitespace-pre-wrap" tabIndex={0}>
                  {text}
                </pre>
              </li>
            ))}
          </ol>
        </div>
      )}
    </Loaded>
  );
}

function took(from: Timestamp | undefined, to: Timestamp | undefined): string {
  return from && to ? lastingFor((timestampMs(to) - timestampMs(from)) / 1000) : "–";
}

function span(duration: Duration): string {
  return lastingFor(durationMs(duration) / 1000);
}
