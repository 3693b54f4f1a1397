import { MailService, MailSource, type MailStatus as Status, type TestMailResponse } from "@contracts/channel/v1/mail_service_pb";
import type { Setting } from "@contracts/admin/v1/setting_pb";
import { useState, type ReactNode } from "react";

import { Button } from "../../ui/Button";
import { Card } from "../../ui/Card";
import { TextField } from "../../ui/Field";
import { Icon } from "../../ui/Icon";
import { useAction, useCall } from "../data/calls";
import { useMay, useSession } from "../data/session";
import { Loaded } from "../shell/states";

const LOOK_EVERY_MS = 5_000;

/** Which mail server is in force, and a test mail. */
export function MailStatus({ setting }: { setting: Setting }) {
  const { organization } = useSession();
  const mayTest = useMay("channel.mail.test");
  const name = `${organization}/mailStatus`;
  const status = useCall(MailService.method.getMailStatus, { name }, { every: LOOK_EVERY_MS });
  return (
    <div className="flex flex-col gap-5">
      <Card title="In force">
        <Loaded of={status}>{(found) => <p className="text-sm break-words">{inForce(found)}</p>}</Loaded>
      </Card>
      {mayTest && <Test name={name} draft={setting.draftVersion} />}
    </div>
  );
}

/** A sentence about the way that mails take now. */
export function inForce({ source, host, fromAddress }: Pick<Status, "source" | "host" | "fromAddress">): string {
  if (source === MailSource.ORGANIZATION) return `Mails leave by ${host}, from ${fromAddress}.`;
  if (source === MailSource.OPERATOR) return `Mails leave by your operator's mail server, from ${fromAddress}.`;
  return "No mail is sent: neither you nor your operator has set up a mail server.";
}

function Test({ name, draft }: { name: string; draft: string }) {
  const { user } = useSession();
  const [to, setTo] = useState(user.email);
  const [tried, setTried] = useState<TestMailResponse>();
  const test = useAction(MailService.method.testMail, { quiet: true, refresh: [] });
  const run = async () => {
    setTried(undefined);
    setTried(await test.run({ name, to: to.trim(), settingVersion: draft }));
  };
  return (
    <Card title="Try it" about={draft ? "Sends a mail with your saved draft." : "Sends a mail with what is in force. To try changes, save them as a draft first."}>
      <div className="flex flex-col items-start gap-4">
        <TextField label="To" className="w-full" value={to} onChange={setTo} type="email" maxLength={254} required />
        <Button icon="send" busy={test.busy} disabled={to.trim().length < 3} onClick={() => void run()}>
          Send a test mail
        </Button>
        {test.failure && <Result works={false}>{test.failure.sentence}</Result>}
        {tried && <Result works={tried.works}>{tried.works ? "The mail server accepted it. Look whether it arrives." : tried.problem}</Result>}
      </div>
    </Card>
  );
}

function Result({ works, children }: { works: boolean; children: ReactNode }) {
  return (
    <p role={works ? "status" : "alert"} className={`flex w-full items-start gap-2 rounded-lg px-3 py-2 text-sm ${works ? "bg-soft text-on-soft" : "bg-danger-soft text-danger"}`}>
      <Icon name={works ? "check" : "alert"} className="mt-0.5 size-4" />
      <span className="min-w-0 break-words">{children}</span>
    </p>
  );
}
