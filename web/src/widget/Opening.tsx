/** The chat before the first message: a greeting, a skeleton while it loads, or the reason why it can't be used. */

import { Frame } from "../chat/Bubble";
import { Button } from "../ui/Button";
import { Icon } from "../ui/Icon";
import type { ChatState } from "./chat";

interface Props {
  greeting: string;
  suggestions: readonly string[];
  ask: (question: string) => void;
}

export function Opening({ greeting, suggestions, ask }: Props) {
  return (
    <>
      {greeting && (
        <Frame side="assistant" author="Assistant">
          <p dir="auto" className="leading-[1.5]">
            {greeting}
          </p>
        </Frame>
      )}
      {suggestions.length > 0 && (
        <ul aria-label="Questions others ask" className="mt-4 flex flex-col items-start gap-2">
          {suggestions.map((question) => (
            <li key={question}>
              <button
                type="button"
                onClick={() => ask(question)}
                className="min-h-9 rounded-full border border-line bg-surface px-3.5 py-1.5 text-start text-sm font-medium text-accent transition-colors hover:border-accent hover:bg-soft hover:text-on-soft"
              >
                {question}
              </button>
            </li>
          ))}
        </ul>
      )}
    </>
  );
}

export function Skeleton() {
  return (
    <div role="status" aria-label="Loading the conversation" className="flex animate-pulse flex-col gap-3 p-4">
      <div className="h-14 w-4/5 rounded-[1.15rem] bg-sunken" />
      <div className="h-10 w-1/2 self-end rounded-[1.15rem] bg-soft" />
      <div className="h-24 w-5/6 rounded-[1.15rem] bg-sunken" />
    </div>
  );
}

export function Problem({ state, retry }: { state: ChatState; retry: () => void }) {
  return (
    <div className="grid flex-1 place-content-center justify-items-center gap-3 p-8 text-center" role="alert">
      <span className="grid size-12 place-items-center rounded-full bg-danger-soft text-danger">
        <Icon name="alert" className="size-6" />
      </span>
      <p className="max-w-[26ch] text-[0.94rem]">{state.failure?.sentence ?? "The chat couldn't be opened."}</p>
      <Button look="primary" icon="retry" onClick={retry}>
        {state.phase === "expired" ? "Start a new chat" : "Try again"}
      </Button>
    </div>
  );
}
