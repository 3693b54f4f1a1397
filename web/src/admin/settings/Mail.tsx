/** The mail server that mails leave by. */

import { CredentialUser, type Credential } from "@contracts/admin/v1/credential_pb";
import { CredentialService } from "@contracts/admin/v1/credential_service_pb";
import { MailServerSecurity, type MailSettings } from "@contracts/admin/v1/setting_pb";
import { useState } from "react";

import { Button } from "../../ui/Button";
import { Card } from "../../ui/Card";
import { NumberField, TextField } from "../../ui/Field";
import { Radios, Select } from "../../ui/Select";
import { usePages } from "../data/calls";
import { useMay, useSession } from "../data/session";
import { hostProblem, isFor, problemOf, usualPort } from "./mailServer";
import { MailStatus } from "./MailStatus";
import { PasswordDialog } from "./PasswordDialog";
import { SettingFrame } from "./SettingFrame";
import { useSettingTabs } from "./tabs";

const WITHOUT = "none";

const SECURITIES = [
  { id: String(MailServerSecurity.STARTTLS), label: "STARTTLS", help: "Usual with port 587." },
  { id: String(MailServerSecurity.TLS), label: "TLS from the start", help: "Usual with port 465." },
  { id: String(MailServerSecurity.NONE), label: "None", help: "Only for a mail server on localhost." },
];

/** The passwords of mail servers; undefined while they aren't known. */
function usePasswords(): readonly Credential[] | undefined {
  const { organization } = useSession();
  const enabled = useMay("admin.credentials.read");
  const isPassword = ({ user, kind }: Credential) => user === CredentialUser.CHANNEL && kind.case === "password";
  return usePages(CredentialService.method.listCredentials, { parent: organization, pageSize: 100 }, (page) => page.credentials.filter(isPassword), { enabled }).data;
}

export function Component() {
  const passwords = usePasswords();
  const mayRead = useMay("channel.mail.read");
  return (
    <SettingFrame
      setting="mail"
      title="Mail"
      about="By which mail server invitations, password resets and answers to customers who have gone leave. Without one of your own, your operator's is used."
      tabs={useSettingTabs()}
      check={(value) => problemOf(value, passwords)}
      aside={(_value, setting) => mayRead && <MailStatus setting={setting} />}
    >
      {(value, set, mayChange) => (
        <div className="flex flex-col gap-5">
          <Server value={value} set={set} mayChange={mayChange} />
          <SignIn value={value} set={set} mayChange={mayChange} passwords={passwords} />
          <Card title="Sender">
            <div className="flex flex-col gap-4">
              <TextField label="Address" value={value.fromAddress} onChange={(text) => set({ fromAddress: text.trim() })} type="email" autoComplete="off" maxLength={254} required={value.host !== ""} disabled={!mayChange} help="The mail server must let the user send from it." />
              <TextField label="Name" value={value.fromName} onChange={(fromName) => set({ fromName })} maxLength={100} disabled={!mayChange} help="Such as Shop support. Empty: the address alone." />
            </div>
          </Card>
        </div>
      )}
    </SettingFrame>
  );
}

interface Props {
  value: MailSettings;
  set: (change: Partial<MailSettings>) => void;
  mayChange: boolean;
}

function Server({ value, set, mayChange }: Props) {
  return (
    <Card title="Mail server">
      <div className="flex flex-col gap-4">
        <TextField label="Host" value={value.host} onChange={(text) => set({ host: text.trim() })} mono maxLength={253} placeholder="smtp.example.com" disabled={!mayChange} problem={hostProblem(value.host)} help="Empty: your operator's mail server." />
        <Radios label="Encryption" value={String(value.security || MailServerSecurity.STARTTLS)} onChange={(id) => set({ security: Number(id) })} options={SECURITIES} disabled={!mayChange} />
        <NumberField label="Port" value={value.port || undefined} onChange={(port) => set({ port: port ?? 0 })} min={1} max={65_535} disabled={!mayChange} help={`Empty: ${usualPort(value.security)}.`} />
      </div>
    </Card>
  );
}

function SignIn({ value, set, mayChange, passwords = [] }: Props & { passwords: readonly Credential[] | undefined }) {
  const [mayCreate, mayUpdate] = [useMay("admin.credentials.create"), useMay("admin.credentials.update")];
  const [entering, setEntering] = useState(false);
  const offered = passwords.filter((each) => isFor(each, value) || each.name === value.credential);
  const replaced = passwords.find((each) => each.name === value.credential && isFor(each, value));
  const may = replaced ? mayUpdate : mayCreate;
  const ready = value.host !== "" && hostProblem(value.host) === undefined && value.security !== MailServerSecurity.NONE;
  return (
    <Card title="Signing in" about="The password is stored encrypted, and in force at once. No one can read it again.">
      <div className="flex flex-col items-start gap-4">
        <Select
          label="User"
          className="w-full"
          value={value.credential || WITHOUT}
          onChange={(id) => set({ credential: id === WITHOUT ? "" : id })}
          options={[{ id: WITHOUT, label: "Without signing in" }, ...offered.map((each) => ({ id: each.name, label: userOf(each), help: each.baseUrl }))]}
          disabled={!mayChange}
        />
        {may && mayChange && (
          <Button icon="key" disabled={!ready} onClick={() => setEntering(true)}>
            {replaced ? "Replace the password" : "Enter user and password"}
          </Button>
        )}
      </div>
      {entering && <PasswordDialog server={value} replaced={replaced} known={passwords} onDone={(credential) => set({ credential })} onClose={() => setEntering(false)} />}
    </Card>
  );
}

function userOf(credential: Credential): string {
  return (credential.kind.case === "password" && credential.kind.value.user) || credential.displayName;
}
