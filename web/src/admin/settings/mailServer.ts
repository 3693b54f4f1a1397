/** The setting `mail`: the server that a password belongs to, and what is wrong with a value. */

import type { Credential } from "@contracts/admin/v1/credential_pb";
import { MailServerSecurity, type MailSettings } from "@contracts/admin/v1/setting_pb";

export type MailServer = Pick<MailSettings, "host" | "port" | "security">;
type Value = MailServer & Pick<MailSettings, "credential" | "fromAddress">;

const LOCAL = ["localhost", "127.0.0.1", "::1"];

/** The port that is used without another one. */
export function usualPort(security: MailServerSecurity): number {
  if (security === MailServerSecurity.TLS) return 465;
  return security === MailServerSecurity.NONE ? 25 : 587;
}

/** The base URL of a password for a server, `smtp://smtp.example.com:587`: it is sent nowhere else. */
export function serverUrl({ host, port, security }: MailServer): string {
  const scheme = security === MailServerSecurity.TLS ? "smtps" : "smtp";
  const name = host.includes(":") ? `[${host}]` : host;
  return `${scheme}://${name.toLowerCase()}:${port || usualPort(security)}`;
}

/** Whether a credential is for this server. */
export function isFor(credential: Pick<Credential, "baseUrl">, server: MailServer): boolean {
  return credential.baseUrl.replace(/\/+$/, "").toLowerCase() === serverUrl(server);
}

/** Why a value can't be saved; undefined if it can. `credentials`: undefined while they aren't known. */
export function problemOf(value: Value, credentials: readonly Pick<Credential, "name" | "baseUrl">[] | undefined): string | undefined {
  if (value.host === "") return undefined;
  return hostProblem(value.host) ?? addressProblem(value.fromAddress) ?? securityProblem(value) ?? passwordProblem(value, credentials);
}

export function hostProblem(host: string): string | undefined {
  if (/^[^:]+:\d+$/.test(host)) return "Enter the port in its own field.";
  return /^[A-Za-z0-9.:-]*$/.test(host) ? undefined : "Enter the mail server's name alone, such as smtp.example.com.";
}

function addressProblem(address: string): string | undefined {
  if (address === "") return "Enter the address that mails are from.";
  return /^[^\s@]+@[^\s@]+$/.test(address) ? undefined : "The address that mails are from isn't an e-mail address.";
}

function securityProblem({ host, security, credential }: Value): string | undefined {
  if (security !== MailServerSecurity.NONE) return undefined;
  if (!LOCAL.includes(host.toLowerCase())) return "Without encryption mails can only leave by a mail server on localhost.";
  return credential === "" ? undefined : "A password is never sent without encryption. Choose “Without signing in”.";
}

function passwordProblem(value: Value, credentials: readonly Pick<Credential, "name" | "baseUrl">[] | undefined): string | undefined {
  if (value.credential === "" || credentials === undefined) return undefined;
  const used = credentials.find(({ name }) => name === value.credential);
  if (!used) return "The password isn't here any more. Enter it again.";
  return isFor(used, value) ? undefined : `The password is for ${used.baseUrl}. Enter it again for this server.`;
}
