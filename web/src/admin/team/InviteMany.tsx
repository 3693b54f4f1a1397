/** Invites the people of a CSV file: it is shown and checked by line before anyone is invited. */

import { InvitationService } from "@contracts/admin/v1/invitation_service_pb";
import { useRef, useState } from "react";

import { failure, type Failure } from "../../api/errors";
import { newId } from "../../chat/outbox";
import { Button } from "../../ui/Button";
import { CodeBlock } from "../../ui/Copy";
import { Dialog } from "../../ui/Dialog";
import { call, insist, useRefresh } from "../data/calls";
import { idOf, useSession } from "../data/session";
import { invite as inviteOne } from "./invite";
import { parse, readText, type Parsed, type Person } from "./people";
import { useRoles } from "./roles";

interface Outcome {
  person: Person;
  /** Its own sentence, or how the link went out. */
  text: string;
  link: string;
  failed: boolean;
}

export function InviteMany({ onClose }: { onClose: () => void }) {
  const { account, organization, transport } = useSession();
  const { roles, query } = useRoles();
  const refresh = useRefresh();
  const picker = useRef<HTMLInputElement>(null);
  const [parsed, setParsed] = useState<Parsed>();
  const [problem, setProblem] = useState("");
  const [outcomes, setOutcomes] = useState<readonly Outcome[]>();
  const [busy, setBusy] = useState(false);
  /** Names this import. */
  const [run] = useState(newId);

  const read = async (file: File | undefined) => {
    if (!file) return;
    setProblem("");
    try {
      const found = parse(await readText(file), roles.map(({ name }) => idOf(name)));
      setParsed(found);
      if (found.people.length + found.wrong.length === 0) setProblem("There is no one in this file. Its columns are: e-mail, name, roles.");
    } catch (error) {
      setParsed(undefined);
      setProblem((error as Error).message);
    }
  };
  const invite = async (people: readonly Person[]) => {
    setBusy(true);
    const done: Outcome[] = [];
    for (const person of people) {
      done.push(await one(person));
      setOutcomes([...done]);
    }
    refresh(InvitationService.method.listInvitations);
    setBusy(false);
  };
  const one = async (person: Person): Promise<Outcome> => {
    const invitation = { email: person.email, displayName: person.name, roles: person.roles.map((role) => `${organization}/roles/${role}`) };
    try {
      const done = await inviteOne(person, run, (requestId) =>
        insist(account, () => call(transport, InvitationService.method.createInvitation, { parent: organization, invitation, requestId })),
      );
      return { person, ...done, failed: false };
    } catch (error) {
      const why = error as Failure;
      return { person, link: "", text: why.sentence ?? failure(error).sentence, failed: why.reason !== "INVITATION_EXISTS" };
    }
  };

  const ready = parsed && parsed.people.length > 0 && parsed.wrong.length === 0;
  return (
    <Dialog
      title="Invite people from a CSV file"
      open
      wide
      firm={busy || outcomes !== undefined}
      onClose={onClose}
      footer={
        outcomes ? (
          <Button look="primary" busy={busy} onClick={onClose}>
            Done
          </Button>
        ) : (
          <>
            <Button onClick={onClose}>Cancel</Button>
            <Button busy={query.loading} onClick={() => picker.current?.click()}>
              {parsed ? "Choose another file" : "Choose a file"}
            </Button>
            <Button look="primary" disabled={!ready} onClick={() => void invite(parsed?.people ?? [])}>
              {ready ? `Invite ${parsed.people.length === 1 ? "1 person" : `${parsed.people.length} people`}` : "Invite"}
            </Button>
          </>
        )
      }
    >
      <input
        ref={picker}
        type="file"
        accept=".csv,text/csv"
        className="sr-only"
        tabIndex={-1}
        aria-label="CSV file of people"
        onChange={(event) => {
          void read(event.target.files?.[0]);
          event.target.value = "";
        }}
      />
      <div className="flex flex-col gap-4 text-sm">
        {outcomes ? <Outcomes outcomes={outcomes} of={parsed?.people.length ?? 0} /> : <Preview parsed={parsed} problem={problem} />}
      </div>
    </Dialog>
  );
}

function Preview({ parsed, problem }: { parsed: Parsed | undefined; problem: string }) {
  return (
    <>
      <p className="text-muted">A line is an e-mail address, a name and roles, such as “ada@shop.example,Ada Lovelace,agent”. If a line is wrong, no one is invited.</p>
      {problem && (
        <p role="alert" className="text-danger">
          {problem}
        </p>
      )}
      {parsed && parsed.wrong.length > 0 && (
        <div role="alert">
          <p className="font-medium text-danger">{parsed.wrong.length === 1 ? "1 line can't be used." : `${parsed.wrong.length} lines can't be used.`} Correct the file and choose it again.</p>
          <ul aria-label="Lines that can't be used" className="mt-1 max-h-40 overflow-y-auto">
            {parsed.wrong.map(({ line, why }) => (
              <li key={line}>
                <span className="tabular-nums text-muted">Line {line}: </span>
                {why}
              </li>
            ))}
          </ul>
        </div>
      )}
      {parsed && parsed.people.length > 0 && (
        <ul aria-label="People in the file" className="max-h-64 overflow-y-auto rounded-xl border border-line">
          {parsed.people.map(({ line, email, name, roles }) => (
            <li key={line} className="flex flex-wrap gap-x-3 border-b border-line px-4 py-2 last:border-0">
              <span className="min-w-0 flex-1 truncate font-medium">{name || email}</span>
              <span className="min-w-0 truncate text-muted">{email}</span>
              <span>{roles.join(", ")}</span>
            </li>
          ))}
        </ul>
      )}
    </>
  );
}

function Outcomes({ outcomes, of }: { outcomes: readonly Outcome[]; of: number }) {
  const links = outcomes.filter(({ link }) => link);
  return (
    <>
      <p role="status">
        {outcomes.length} of {of} done: {outcomes.filter(({ failed }) => !failed).length} invited, {outcomes.filter(({ failed }) => failed).length} not invited.
      </p>
      <ul aria-label="Invited people" className="max-h-64 overflow-y-auto rounded-xl border border-line">
        {outcomes.map(({ person, text, failed }) => (
          <li key={person.line} className="flex flex-wrap gap-x-3 border-b border-line px-4 py-2 last:border-0">
            <span className="min-w-0 flex-1 truncate font-medium">{person.email}</span>
            <span className={failed ? "text-danger" : "text-muted"}>{text}</span>
          </li>
        ))}
      </ul>
      {links.length > 0 && (
        <>
          <p>Each link works once, for 7 days, and is shown only now.</p>
          <CodeBlock label="Links" code={links.map(({ person, link }) => `${person.email} ${new URL(link, window.location.origin).href}`).join("\n")} />
        </>
      )}
    </>
  );
}
