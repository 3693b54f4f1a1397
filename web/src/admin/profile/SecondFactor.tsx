/** The second factor of one's own account: set up, recovery codes, switched off. */

import { SecondFactorService } from "@contracts/admin/v1/second_factor_service_pb";
import type { SecondFactor as State, SecondFactorEnrollment } from "@contracts/admin/v1/second_factor_pb";
import { useState, type FormEvent } from "react";

import { AppSetup, RecoveryCodes } from "../../account/SecondFactor";
import { Ago } from "../../ui/Ago";
import { Badge } from "../../ui/Badge";
import { Button } from "../../ui/Button";
import { Card, Facts } from "../../ui/Card";
import { Dialog } from "../../ui/Dialog";
import { TextField } from "../../ui/Field";
import { useAction, useCall } from "../data/calls";
import { Loaded, Problem } from "../shell/states";

type Step = "set up" | "codes" | "off";

export function SecondFactor() {
  const state = useCall(SecondFactorService.method.getSecondFactor, {});
  const [step, setStep] = useState<Step>();
  const close = () => setStep(undefined);
  return (
    <Card
      title="Second factor"
      about="A code of an app on your phone, asked for after your password."
      actions={state.data && <Actions state={state.data} choose={setStep} />}
    >
      <Loaded
        of={state}
        skeleton={
          <div role="status" aria-label="Loading">
            <Facts rows={[["State", <Badge key="state">…</Badge>]]} />
          </div>
        }
      >
        {(each) => (
          <Facts
            rows={[
              ["State", each.enabled ? <Badge key="state" look="good">On</Badge> : <Badge key="state">Off</Badge>],
              ...(each.enabled
                ? ([
                    ["Since", <Ago key="since" at={each.enableTime} />],
                    ["Recovery codes left", each.recoveryCodesLeft],
                  ] as const)
                : []),
              ...(each.required ? ([["Required", "By your organization"]] as const) : []),
            ]}
          />
        )}
      </Loaded>
      {step === "set up" && <SetUp onClose={close} />}
      {step === "codes" && <NewCodes onClose={close} />}
      {step === "off" && <SwitchOff onClose={close} />}
    </Card>
  );
}

function Actions({ state, choose }: { state: State; choose: (step: Step) => void }) {
  if (!state.enabled) {
    return (
      <Button look="primary" onClick={() => choose("set up")}>
        Set up
      </Button>
    );
  }
  return (
    <>
      <Button onClick={() => choose("codes")}>New recovery codes</Button>
      {!state.required && (
        <Button look="danger" onClick={() => choose("off")}>
          Switch off
        </Button>
      )}
    </>
  );
}

function SetUp({ onClose }: { onClose: () => void }) {
  const [password, setPassword] = useState("");
  const [enrollment, setEnrollment] = useState<SecondFactorEnrollment>();
  const [codes, setCodes] = useState<readonly string[]>();
  const start = useAction(SecondFactorService.method.startSecondFactor, { quiet: true });
  const confirm = useAction(SecondFactorService.method.confirmSecondFactor, { quiet: true, done: "The second factor is on" });
  const begin = async (event: FormEvent) => {
    event.preventDefault();
    setEnrollment(await start.run({ currentPassword: password }));
  };
  return (
    <Dialog title="Set up a second factor" open firm={codes !== undefined} onClose={onClose}>
      {codes ? (
        <RecoveryCodes codes={codes} onKept={onClose} />
      ) : enrollment ? (
        <div className="flex flex-col gap-4">
          <p>Scan this with an authenticator app, then enter the code it shows.</p>
          <AppSetup uri={enrollment.uri} secret={enrollment.secret} />
          <CodeForm action={confirm} submit="Switch on" onDone={(answer) => setCodes(answer.codes)} />
        </div>
      ) : (
        <form onSubmit={(event) => void begin(event)} className="flex flex-col gap-4">
          <TextField label="Your password" type="password" value={password} onChange={setPassword} required autoFocus autoComplete="current-password" problem={start.failure?.reason === "INVALID_CREDENTIALS" ? "This isn't your password." : undefined} />
          {start.failure && start.failure.reason !== "INVALID_CREDENTIALS" && <Problem failure={start.failure} small />}
          <Button type="submit" look="primary" className="self-end" busy={start.busy} disabled={!password}>
            Continue
          </Button>
        </form>
      )}
    </Dialog>
  );
}

function NewCodes({ onClose }: { onClose: () => void }) {
  const [codes, setCodes] = useState<readonly string[]>();
  const renew = useAction(SecondFactorService.method.regenerateRecoveryCodes, { quiet: true });
  return (
    <Dialog title="New recovery codes" open firm={codes !== undefined} onClose={onClose}>
      {codes ? <RecoveryCodes codes={codes} onKept={onClose} /> : (
        <div className="flex flex-col gap-4">
          <p>The codes that you have stop working.</p>
          <CodeForm action={renew} submit="Make new codes" onDone={(answer) => setCodes(answer.codes)} />
        </div>
      )}
    </Dialog>
  );
}

function SwitchOff({ onClose }: { onClose: () => void }) {
  const disable = useAction(SecondFactorService.method.disableSecondFactor, { quiet: true, done: "The second factor is off" });
  return (
    <Dialog title="Switch the second factor off?" open onClose={onClose}>
      <div className="flex flex-col gap-4">
        <p>Your password alone signs you in then.</p>
        <CodeForm action={disable} submit="Switch off" onDone={onClose} />
      </div>
    </Dialog>
  );
}

interface CodeFormProps<Answer> {
  action: { run: (request: { code: string }) => Promise<Answer | undefined>; busy: boolean; failure: Parameters<typeof Problem>[0]["failure"] | undefined };
  submit: string;
  onDone: (answer: Answer) => void;
}

/** Asks for a code of the app, or a recovery code. */
function CodeForm<Answer>({ action, submit, onDone }: CodeFormProps<Answer>) {
  const [code, setCode] = useState("");
  const send = async (event: FormEvent) => {
    event.preventDefault();
    const answer = await action.run({ code: code.trim() });
    if (answer !== undefined) onDone(answer);
  };
  return (
    <form onSubmit={(event) => void send(event)} className="flex flex-col gap-4">
      <TextField label="Code" value={code} onChange={setCode} required autoFocus maxLength={40} mono autoComplete="one-time-code" />
      {action.failure && <Problem failure={action.failure} small />}
      <Button type="submit" look="primary" className="self-end" busy={action.busy} disabled={!code.trim()}>
        {submit}
      </Button>
    </form>
  );
}
