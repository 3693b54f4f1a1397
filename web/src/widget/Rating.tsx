/** How the customer found the conversation, once it is closed: a number from 1 to 5 and, if they like, a few words. */

import type { Rating as Given } from "@contracts/core/v1/conversation_pb";
import { useId, useState } from "react";

import { t, type Key } from "../i18n";
import { Button } from "../ui/Button";

const SCORES = [1, 2, 3, 4, 5] as const;
/** The mouths of the five faces, on the grid of the icons: drawn, because not every font has such characters. */
const MOUTHS = ["M8 17c1.8-3.6 6.2-3.6 8 0", "M8.5 16.4c1.9-1.7 5.1-1.7 7 0", "M8.5 15.5h7", "M8.5 14.6c1.9 1.7 5.1 1.7 7 0", "M7.5 14h9c-1.6 4.8-7.4 4.8-9 0Z"] as const;
const NAMES: readonly Key[] = ["rating.1", "rating.2", "rating.3", "rating.4", "rating.5"];
const MAX_COMMENT = 2000;

interface Props {
  given: Given | undefined;
  busy: boolean;
  rate: (score: number, comment: string) => Promise<boolean>;
}

export function Rating({ given, busy, rate }: Props) {
  const [score, setScore] = useState(given?.score ?? 0);
  const [comment, setComment] = useState(given?.comment ?? "");
  const [done, setDone] = useState(given !== undefined);
  const field = useId();
  if (done) {
    return (
      <div role="status" className="flex items-center justify-between gap-3 rounded-2xl border border-line p-3.5 text-sm">
        <p>{t("rating.thanks")}</p>
        <Button look="quiet" onClick={() => setDone(false)}>
          {t("rating.change")}
        </Button>
      </div>
    );
  }
  return (
    <form
      aria-label={t("rating.title")}
      className="flex flex-col gap-3 rounded-2xl border border-line p-3.5 text-sm"
      onSubmit={(event) => {
        event.preventDefault();
        void rate(score, comment.trim()).then((stored) => stored && setDone(true));
      }}
    >
      <fieldset>
        <legend className="font-semibold">{t("rating.question")}</legend>
        <div className="mt-2 flex justify-between gap-1">
          {SCORES.map((each, at) => (
            <label
              key={each}
              title={t(NAMES[at]!)}
              className="relative grid size-11 cursor-pointer place-items-center rounded-full border border-line text-muted has-checked:border-link has-checked:bg-soft has-checked:text-on-soft has-focus-visible:outline-2 has-focus-visible:outline-offset-2 has-focus-visible:outline-link"
            >
              <input
                type="radio"
                name="score"
                value={each}
                checked={score === each}
                aria-label={t(NAMES[at]!)}
                className="absolute inset-0 cursor-pointer opacity-0"
                onChange={() => setScore(each)}
              />
              <svg aria-hidden="true" viewBox="0 0 24 24" className="size-8" fill="none" stroke="currentColor" strokeWidth="1.6" strokeLinecap="round" strokeLinejoin="round">
                <path d={`M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18ZM9 9.5v.6M15 9.5v.6${MOUTHS[at]}`} />
              </svg>
            </label>
          ))}
        </div>
      </fieldset>
      {score > 0 && (
        <>
          <label htmlFor={field} className="font-semibold">
            {t("rating.comment")}
          </label>
          <textarea
            id={field}
            dir="auto"
            rows={2}
            maxLength={MAX_COMMENT}
            value={comment}
            onChange={(event) => setComment(event.target.value)}
            className="rounded-xl border border-edge bg-surface px-3 py-2 text-base sm:text-sm"
          />
          <Button type="submit" look="primary" busy={busy} className="self-end">
            {t("rating.send")}
          </Button>
        </>
      )}
    </form>
  );
}
