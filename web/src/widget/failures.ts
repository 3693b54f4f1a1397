/** Failures in the customer's language. */

import { Code } from "@connectrpc/connect";

import { isKey, t } from "../i18n";

/** A sentence for a failure: by its reason, otherwise by its code. */
export function sentenceOf(code: Code, reason: string, metadata: Record<string, string>): string {
  const detailed = DETAILED[reason]?.(metadata);
  if (detailed) return detailed;
  for (const key of [`error.${reason}`, `code.${Code[code]}`]) {
    if (isKey(key)) return t(key);
  }
  return t("code.Unknown");
}

const DETAILED: Record<string, (metadata: Record<string, string>) => string> = {
  TOO_MANY_REQUESTS: ({ retry_seconds: seconds }) => later(Number(seconds)),
  TEXT_TOO_LONG: ({ limit }) => t("error.TEXT_TOO_LONG", { limit: limit ?? "4000" }),
  MEDIA_NOT_READY: ({ state }) => (state === "FETCHING" ? t("error.MEDIA_FETCHING") : state === "REJECTED" ? t("files.kind") : t("error.MEDIA_NOT_READY")),
};

function later(seconds: number): string {
  if (!Number.isFinite(seconds) || seconds <= 0) return t("error.TOO_MANY_REQUESTS");
  return seconds < 90 ? t("error.tooFastSeconds", { count: Math.ceil(seconds) }) : t("error.tooFastMinutes", { count: Math.ceil(seconds / 60) });
}
