/** The customer's conversations, to open one or start another. */

import { ParticipantRole } from "@contracts/core/v1/message_pb";
import { useEffect, useRef } from "react";

import { ConversationRows } from "../chat/ConversationRows";
import type { ConversationList } from "../chat/conversations";
import { useStore } from "../chat/store";
import { t } from "../i18n";
import { Button } from "../ui/Button";
import { useOnline } from "../ui/online";
import { Spinner } from "../ui/Spinner";

interface Props {
  list: ConversationList;
  /** The conversation that is shown. */
  shown: string;
  busy: boolean;
  open: (conversation: string) => void;
  startNew: () => void;
}

export function Conversations({ list, shown, busy, open, startNew }: Props) {
  const { loaded, failure } = useStore(list.store);
  const heading = useRef<HTMLHeadingElement>(null);
  const online = useOnline();
  useEffect(() => heading.current?.focus(), []);
  useEffect(() => {
    if (online) void list.load();
  }, [list, online]);
  return (
    <nav aria-label={t("list.title")} className="flex min-h-0 flex-1 flex-col overflow-y-auto p-3">
      <div className="flex items-center justify-between gap-2 px-1 pb-2">
        <h2 ref={heading} tabIndex={-1} className="text-sm font-semibold text-muted outline-none">
          {t("list.title")}
        </h2>
        <Button look="primary" icon="plus" busy={busy} onClick={startNew}>
          {t("list.new")}
        </Button>
      </div>
      {failure && (
        <div role="alert" className="flex items-center justify-between gap-3 px-1 py-2 text-sm text-danger">
          <p>{failure.sentence}</p>
          <Button onClick={() => void list.load()}>{t("action.tryAgain")}</Button>
        </div>
      )}
      {!loaded && !failure ? (
        <div role="status" aria-label={t("list.loading")} className="grid flex-1 place-items-center text-muted">
          <Spinner className="size-6" />
        </div>
      ) : (
        <ConversationRows list={list} shown={shown} reader={ParticipantRole.CUSTOMER} open={open} />
      )}
    </nav>
  );
}
