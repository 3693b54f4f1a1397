/** The page that a link in a mail opens, before the chat: it asks whether an address is the reader's, stops mails to it, or continues the chat. */

import { useEffect, useState } from "react";

import { failure, isTransient, type Failure } from "../api/errors";
import { t } from "../i18n";
import { Button } from "../ui/Button";
import { isolated } from "../ui/Name";
import { Skeleton } from "./Opening";
import { confirmAddress, stopMails, type MailLink } from "./mail";

interface Props {
  link: MailLink;
  /** The channel's title. */
  title: string;
  /** Continues the conversation of the link. Rejects with a ConnectError. */
  resume: (link: MailLink) => Promise<void>;
  /** Shows the chat. */
  done: () => void;
}

const CONFIRM = { act: confirmAddress, ask: "mail.ask", button: "mail.confirm", done: "mail.thanks", result: "mail.confirmed" } as const;
const STOP = { act: stopMails, ask: "mail.stopAsk", button: "mail.stop", done: "mail.stopDone", result: "mail.stopped" } as const;

export function LinkPage({ link, title, resume, done }: Props) {
  const [busy, setBusy] = useState(link.kind === "resume");
  const [address, setAddress] = useState("");
  const [why, setWhy] = useState<Failure>();
  const run = async (work: () => Promise<void>) => {
    setBusy(true);
    setWhy(undefined);
    await work().catch((error: unknown) => setWhy(failure(error)));
    setBusy(false);
  };
  const goOn = () => run(() => resume(link).then(done));
  // Programs that check mails open links: a button acts, not the page.
  const words = link.kind === "stop" ? STOP : CONFIRM;
  const act = () => run(() => words.act(link).then(setAddress));
  useEffect(() => {
    if (link.kind === "resume") void goOn();
  }, [link]);

  if (link.kind === "resume" && busy) {
    return (
      <main aria-label={t("panel.name", { title })} className="h-dvh bg-surface">
        <Skeleton />
      </main>
    );
  }
  const asks = link.kind !== "resume" && !address;
  const tries = why === undefined || isTransient(why);
  return (
    <main aria-label={t("panel.name", { title })} className="grid h-dvh place-content-center justify-items-center gap-4 bg-surface p-8 text-center">
      <h1 className="text-lg font-semibold">{address ? t(words.done) : asks && tries ? t(words.ask) : t("panel.name", { title })}</h1>
      {address && <p role="status" className="max-w-[32ch]">{t(words.result, { address: isolated(address) })}</p>}
      {why && (
        <p role="alert" className="max-w-[32ch] text-danger">
          {why.sentence}
        </p>
      )}
      {asks && tries && (
        <Button look="primary" busy={busy} className="min-h-11" onClick={() => void act()}>
          {t(words.button)}
        </Button>
      )}
      {!asks && why && tries && (
        <Button look="primary" icon="retry" className="min-h-11" onClick={() => void goOn()}>
          {t("action.tryAgain")}
        </Button>
      )}
      {(!asks || !tries) && (
        <Button className="min-h-11" onClick={done}>
          {t("launcher.open")}
        </Button>
      )}
    </main>
  );
}
