/** How an answer came about: what was found and whether it was used, and what each model was asked. */

import { ModelCallPurpose, PromptRole, RecallOutcome, StepState, type ModelCall, type PromptMessage } from "@contracts/core/v1/turn_step_pb";
import type { PreviewPassage, PreviewStep } from "@contracts/core/v1/reply_service_pb";
import { Link } from "react-router";

import { Badge, type BadgeLook } from "../../ui/Badge";
import { amount, took } from "./preview";
import { durationMs } from "@bufbuild/protobuf/wkt";

const OUTCOMES: Record<RecallOutcome, { look: BadgeLook; text: string; why: string }> = {
  [RecallOutcome.UNSPECIFIED]: { look: "neutral", text: "–", why: "" },
  [RecallOutcome.USED]: { look: "good", text: "Used", why: "" },
  [RecallOutcome.BELOW_THRESHOLD]: { look: "neutral", text: "Dropped", why: "It fits too loosely, by the assistant's thresholds." },
  [RecallOutcome.OVER_BUDGET]: { look: "warn", text: "Dropped", why: "There was no room for it in the prompt." },
  [RecallOutcome.DUPLICATE]: { look: "neutral", text: "Dropped", why: "A better passage says the same, word for word." },
};

const PURPOSES: Partial<Record<ModelCallPurpose, string>> = {
  [ModelCallPurpose.REPLY]: "The model was asked to answer",
  [ModelCallPurpose.WRITE_QUERY]: "The model was asked to write the search query",
  [ModelCallPurpose.JUDGE_PASSAGES]: "The model was asked whether the passages answer",
  [ModelCallPurpose.SUMMARIZE]: "The model was asked to summarize",
};

export function Trace({ steps }: { steps: readonly PreviewStep[] }) {
  return (
    <div className="mt-4 flex flex-col gap-2 border-t border-line pt-3">
      {steps.map((one, place) => {
        const kind = one.step?.kind;
        if (kind?.case === "recall") return <Found key={place} passages={one.passages} degraded={kind.value.degraded} />;
        if (kind?.case === "modelCall") return <Called key={place} call={kind.value} prompt={one.prompt} failed={one.step?.state === StepState.FAILED} problem={one.step?.problem ?? ""} />;
        return null;
      })}
    </div>
  );
}

function Found({ passages, degraded }: { passages: readonly PreviewPassage[]; degraded: boolean }) {
  const used = passages.filter(({ outcome }) => outcome === RecallOutcome.USED).length;
  return (
    <details open>
      <summary className="cursor-pointer rounded py-1 text-sm font-medium">
        {passages.length === 0 ? "No passage was found" : `${passages.length === 1 ? "1 passage" : `${passages.length} passages`} found, ${used} used`}
      </summary>
      {degraded && <p className="mt-1 text-xs text-muted">One of the two searches failed, so the other one answered alone.</p>}
      <ol aria-label="Passages found" className="mt-2 flex flex-col gap-2">
        {passages.map((passage) => (
          <FoundPassage key={passage.name} passage={passage} />
        ))}
      </ol>
    </details>
  );
}

function FoundPassage({ passage }: { passage: PreviewPassage }) {
  const { look, text, why } = OUTCOMES[passage.outcome];
  const document = passage.name.split("/")[3] ?? "";
  return (
    <li className="rounded-lg border border-line px-3 py-2 text-sm">
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
        <Link to={`/knowledge/documents/${document}`} className="min-w-0 flex-1 basis-40 truncate font-medium hover:underline">
          {passage.documentTitle}
          {passage.heading && <span className="font-normal text-muted"> › {passage.heading}</span>}
        </Link>
        <span className="text-xs text-muted tabular-nums" title={`Meaning ${passage.denseScore.toFixed(2)}, words ${passage.lexicalScore.toFixed(2)}`}>
          score {passage.score.toFixed(2)} · meaning {passage.denseScore.toFixed(2)} · words {passage.lexicalScore.toFixed(2)}
        </span>
        <Badge look={look}>{text}</Badge>
      </div>
      {why && <p className="mt-1 text-xs text-muted">{why}</p>}
      <p className="mt-1 line-clamp-3 break-words whitespace-pre-line text-muted">{passage.text}</p>
    </li>
  );
}

const ROLES: Partial<Record<PromptRole, string>> = {
  [PromptRole.SYSTEM]: "Instructions",
  [PromptRole.CUSTOMER]: "Customer and passages",
  [PromptRole.ASSISTANT]: "Assistant",
  [PromptRole.TOOL]: "Tool",
};

function Called({ call, prompt, failed, problem }: { call: ModelCall; prompt: readonly PromptMessage[]; failed: boolean; problem: string }) {
  const facts = [
    call.model,
    ...(call.tokens ? [`${call.tokens.inputTokens} tokens in, ${call.tokens.outputTokens} out`] : []),
    ...(call.cost ? [`cost ${amount(call.cost)}`] : []),
    ...(call.firstTokenDuration ? [`first words after ${took(durationMs(call.firstTokenDuration))}`] : []),
    ...(call.attempts > 1 ? [`${call.attempts} attempts`] : []),
  ];
  const output = call.output?.kind.case === "stringValue" ? call.output.kind.value : "";
  return (
    <details>
      <summary className="cursor-pointer rounded py-1 text-sm font-medium">
        {PURPOSES[call.purpose] ?? "A model was asked"}
        {output && <span className="font-normal text-muted">: “{output}”</span>}
        {failed && (
          <span className="ms-2">
            <Badge look="bad">Failed</Badge>
          </span>
        )}
      </summary>
      <p className="mt-1 text-xs text-muted">{facts.join(" · ")}</p>
      {problem && <p className="mt-1 text-xs text-danger">{problem}</p>}
      <div className="mt-2 flex flex-col gap-2">
        {prompt.map((message, place) => (
          <section key={place} aria-label={ROLES[message.role] ?? "Message"}>
            <h3 className="text-xs font-medium text-muted">{ROLES[message.role] ?? "Message"}</h3>
            <pre tabIndex={0} className="mt-1 max-h-80 overflow-auto rounded-lg bg-sunken p-3 font-mono text-xs break-words whitespace-pre-wrap">
              {message.text}
            </pre>
          </section>
        ))}
      </div>
    </details>
  );
}
