/** The chat before the first message: a greeting, a skeleton while it loads, or the reason why it can't be used. */

import type { Widget } from "@contracts/channel/v1/widget_pb";

import { Frame } from "../chat/Bubble";
import { t } from "../i18n";
import { Button } from "../ui/Button";
import { Icon } from "../ui/Icon";
import { SafeLink } from "../ui/Markdown";
import type { ChatState } from "./chat";

interface Props {
  greeting: string;
  /** The assistant's name, once it has signed a message. */
  author: string | undefined;
  quotesOnly: boolean;
  suggestions: readonly string[];
  ask: (question: string) => void;
}

export function Opening({ greeting, author, quotesOnly, suggestions, ask }: Props) {
  return (
    <>
      {greeting && (
        <Frame side="assistant" author={author}>
          <p dir="auto" className="leading-[1.5]">
            {greeting}
          </p>
        </Frame>
      )}
      {quotesOnly && (
        <p className="mt-2 px-1 text-xs text-muted">{t("opening.quotes")}</p>
      )}
      {suggestions.length > 0 && (
        <ul aria-label={t("opening.suggestions")} className="mt-4 flex flex-col items-start gap-2">
          {suggestions.map((question) => (
            <li key={question}>
              <button
                type="button"
                onClick={() => ask(question)}
                dir="auto"
                className="min-h-9 rounded-full border border-line bg-surface px-3.5 py-1.5 text-start text-sm font-medium text-link transition-colors hover:border-link hover:bg-soft hover:text-on-soft"
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

/** The line about the customer's data, before the first message. */
export function Consent({ settings: { consentText, consentUri } }: { settings: Pick<Widget, "consentText" | "consentUri"> }) {
  if (!consentText) return null;
  return (
    <p dir="auto" className="px-4 pb-3 text-xs text-muted [&_a]:text-link [&_a]:underline">
      {consentUri ? <SafeLink href={consentUri}>{consentText}</SafeLink> : consentText}
    </p>
  );
}

export function Skeleton() {
  return (
    <div role="status" aria-label={t("opening.loading")} className="flex animate-pulse flex-col gap-3 p-4">
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
      <p className="max-w-[26ch] text-[0.94rem]">{state.failure?.sentence ?? t("problem.unknown")}</p>
      <Button look="primary" icon="retry" onClick={retry}>
        {state.phase === "expired" ? t("panel.newChat") : t("action.tryAgain")}
      </Button>
    </div>
  );
}
