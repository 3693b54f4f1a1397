/** The composer's line while a voice message is recorded. */

import { t } from "../i18n";
import { Button } from "../ui/Button";
import { MAX_SECONDS, type Recorder } from "./recorder";

export function Recording({ recorder }: { recorder: Recorder }) {
  const { phase, seconds, finish, cancel } = recorder;
  return (
    <div className="flex items-center gap-2 rounded-3xl border border-edge p-1.5 ps-4">
      <span aria-hidden="true" className="size-2.5 animate-pulse rounded-full bg-danger" />
      <span role="timer" aria-label={t("voice.length")} className="tabular-nums">
        {clock(seconds)}
      </span>
      <span role="status" className="min-w-0 flex-1 truncate text-sm text-muted">
        {phase === "asking" ? t("voice.asking") : t("voice.recording", { limit: clock(MAX_SECONDS) })}
      </span>
      {phase === "recording" && (
        <>
          <Button look="quiet" onClick={cancel}>
            {t("voice.cancel")}
          </Button>
          <Button look="primary" onClick={finish}>
            {t("voice.finish")}
          </Button>
        </>
      )}
    </div>
  );
}

function clock(seconds: number): string {
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}
