/** Errors of calls, readable for people and usable in code. */

import { BinaryReader, WireType } from "@bufbuild/protobuf/wire";
import { Code, ConnectError } from "@connectrpc/connect";

import { isolated } from "../ui/Name";

/** Why a call failed. `reason` and `metadata` are those of `google.rpc.ErrorInfo`, empty when the server sent none. */
export interface Failure {
  code: Code;
  reason: string;
  metadata: Record<string, string>;
  /** A sentence for the person in front of the screen. */
  sentence: string;
  /** The delay in ms before a retry, as the server asks; undefined without one. */
  retryAfter: number | undefined;
}

/** Turns any error of a call into a Failure. */
export function failure(error: unknown): Failure {
  const known = ConnectError.from(error);
  const info = errorInfo(known);
  const code = isNetwork(error) ? Code.Unavailable : known.code;
  return { code, ...info, sentence: sentence(code, info.reason, info.metadata), retryAfter: retryAfter(known) };
}

const TRANSIENT = [Code.Unavailable, Code.DeadlineExceeded, Code.Aborted, Code.ResourceExhausted, Code.Internal, Code.Unknown];

/** Whether the same call may succeed later, without any change to it. */
export function isTransient({ code }: Failure): boolean {
  return TRANSIENT.includes(code);
}

/** Refusals of what the user entered just now: the session continues. */
const ENTERED = ["INVALID_CREDENTIALS", "INVALID_CODE", "INVALID_LINK", "INVALID_CHALLENGE"];

/** Whether the caller must sign in, or open a session, again. */
export function isSignedOut({ code, reason }: Failure): boolean {
  return code === Code.Unauthenticated && !ENTERED.includes(reason);
}

function isNetwork(error: unknown): boolean {
  const cause = error instanceof ConnectError ? error.cause : error;
  return cause instanceof TypeError; // thrown by fetch without a connection
}

function errorInfo(error: ConnectError): Pick<Failure, "reason" | "metadata"> {
  const bytes = detail(error, "google.rpc.ErrorInfo");
  return bytes ? readErrorInfo(bytes) : { reason: "", metadata: {} };
}

function detail(error: ConnectError, type: string): Uint8Array | undefined {
  for (const each of error.details) {
    if ("type" in each && each.type === type) return each.value;
  }
  return undefined;
}

/** The delay that a service names in `google.rpc.RetryInfo`, or the gateway in its `retry-after` header, in ms. */
function retryAfter(error: ConnectError): number | undefined {
  const bytes = detail(error, "google.rpc.RetryInfo");
  const seconds = bytes ? readRetrySeconds(bytes) : Number(error.metadata.get("retry-after") ?? NaN);
  return Number.isFinite(seconds) && seconds >= 0 ? seconds * 1000 : undefined;
}

/** Reads `google.rpc.RetryInfo`: 1 delay, a `google.protobuf.Duration` of 1 seconds and 2 nanoseconds. */
function readRetrySeconds(bytes: Uint8Array): number {
  const [, delay] = [...fields(bytes)].find(([field]) => field === 1) ?? [];
  if (!(delay instanceof Uint8Array)) return NaN;
  const parts = new Map(fields(delay));
  return Number(parts.get(1) ?? 0) + Number(parts.get(2) ?? 0) / 1e9;
}

/** The fields of a small message: numbers, and the bytes of strings and messages. */
function* fields(bytes: Uint8Array): Generator<[field: number, value: number | Uint8Array]> {
  const reader = new BinaryReader(bytes);
  while (reader.pos < reader.len) {
    const [field, wire] = reader.tag();
    if (wire === WireType.Varint) yield [field, Number(reader.int64())];
    else if (wire === WireType.LengthDelimited) yield [field, reader.bytes()];
    else reader.skip(wire);
  }
}

/** Reads `google.rpc.ErrorInfo`: 1 reason, 2 domain, 3 map of metadata. Three fields are not worth a generated file. */
function readErrorInfo(bytes: Uint8Array): Pick<Failure, "reason" | "metadata"> {
  const info = { reason: "", metadata: {} as Record<string, string> };
  for (const [field, value] of fields(bytes)) {
    if (!(value instanceof Uint8Array)) continue;
    if (field === 1) info.reason = text(value);
    if (field !== 3) continue;
    const entry = new Map(fields(value));
    info.metadata[text(entry.get(1))] = text(entry.get(2));
  }
  return info;
}

function text(value: number | Uint8Array | undefined): string {
  return value instanceof Uint8Array ? new TextDecoder().decode(value) : "";
}

type Words = string | ((metadata: Record<string, string>) => string);

const NOT_READY: Record<string, (problem: string) => string> = {
  FETCHING: () => "This file is still on its way. Try again in a moment.",
  FAILED: (problem) => `This file couldn't be fetched${problem ? `: ${isolated(problem)}` : "."}`,
  REJECTED: () => "This file was a program. It isn't kept.",
};

/** In English, for desk and admin app. The chat has its own sentences in six languages, and leaves these out of its build. */
const BY_REASON: Record<string, Words> = import.meta.env.FRONTDESK_CHAT ? {} : {
  // every service
  PERMISSION_MISSING: (m) => `Your role doesn't allow this${m.permission ? ` (${m.permission})` : ""}. Ask an administrator for one that does.`,
  ORGANIZATION_MISMATCH: "This belongs to another organization.",
  INVALID_TOKEN: "You've been signed out.",
  TOKEN_EXPIRED: "You've been signed out.",
  TOKEN_REVOKED: "You've been signed out. Sign in again.",
  STORE_UNAVAILABLE: "We can't be reached right now.",
  // admin
  INVALID_CREDENTIALS: "Wrong organization, email or password.",
  TOO_MANY_ATTEMPTS: (m) => `Too many attempts. Try again ${inSeconds(m.retry_seconds)}.`,
  INVALID_REFRESH_TOKEN: "You've been signed out. Sign in again.",
  REFRESH_TOKEN_REUSED: "You've been signed out, because this session was used in two places. Sign in again.",
  INVALID_CODE: "This code is wrong or was used before. Enter the newest one.",
  INVALID_CHALLENGE: "That took too long. Sign in again.",
  INVALID_LINK: "This link isn't valid. Ask for a new one.",
  LINK_EXPIRED: "This link has expired. Ask for a new one.",
  LINK_USED: "This link was used before.",
  LINK_REVOKED: "This link was taken back. Ask for a new one.",
  SETUP_COMPLETE: "Frontdesk is set up already. Sign in instead.",
  WEAK_PASSWORD: "This password is easy to guess. Use at least 10 characters, for example four words in a row.",
  EMAIL_TAKEN: "Someone in this organization has this e-mail address already.",
  INVALID_EMAIL: "This isn't an e-mail address.",
  INVALID_DISPLAY_NAME: "Enter a name of 1 to 100 characters.",
  INVALID_TIME_ZONE: "This time zone doesn't exist.",
  INVITATION_EXISTS: "This person is invited already. Renew that invitation to get its link again.",
  INVITATION_ENDED: "This invitation was accepted already.",
  TOO_MANY_INVITATIONS: "There are too many open invitations. Take some back first.",
  PERMISSION_NOT_HELD: "You can't give or take what you aren't allowed yourself.",
  LAST_OWNER: "This is the last owner. Make someone else an owner first.",
  USER_NOT_FOUND: "This user doesn't exist any more.",
  ROLE_NOT_FOUND: "This role doesn't exist any more.",
  ROLE_EXISTS: "There's a role with this id already.",
  BUILT_IN_ROLE: "Built-in roles can't be changed.",
  TOO_MANY_ROLES: "There are too many roles. Delete one first.",
  API_KEY_NOT_FOUND: "This key doesn't exist any more.",
  API_KEY_ENDED: "This key was revoked or has expired.",
  INVALID_EXPIRY: "Choose an expiry within the next 366 days.",
  ETAG_MISMATCH: "Someone else changed this in the meantime.",
  SECOND_FACTOR_REQUIRED: "Your organization requires a second factor.",
  // channel
  CHANNEL_NOT_FOUND: "This chat doesn't exist.",
  CHANNEL_PAUSED: "This chat is closed right now. Please try again later.",
  CUSTOMER_BLOCKED: "You can't send messages in this chat any more.",
  ORIGIN_NOT_ALLOWED: "The chat isn't available on this site.",
  IDENTITY_INVALID: "We couldn't confirm who you are. Please sign in to the shop again.",
  SESSION_EXPIRED: "Your chat has expired.",
  SESSION_SECRET_INVALID: "Your chat has expired.",
  TOO_MANY_REQUESTS: (m) => `You're sending too fast. Try again ${inSeconds(m.retry_seconds)}.`,
  TEXT_EMPTY: "Write something first.",
  TEXT_TOO_LONG: (m) => `At most ${m["limit"] ?? "4000"} characters fit into one message. Split it.`,
  PART_NOT_ALLOWED: "You can't send this here.",
  MEDIA_NOT_CONFIGURED: "You can't send files here.",
  MEDIA_NOT_FOUND: "This file doesn't exist any more.",
  MEDIA_NOT_READY: (m) => NOT_READY[m.state ?? ""]?.(m.problem ?? "") ?? "This file isn't complete.",
  MEDIA_QUOTA_EXCEEDED: "You can't send more files today.",
  TOO_MANY_UPLOADS: "You're uploading too many files. Wait until some are done.",
  MAIL_NOT_CONFIGURED: "No mail server is set up yet.",
  MAIL_ADDRESS_INVALID: "This isn't the e-mail address of one person.",
  TOO_MANY_MAILS: (m) => `Too many mails were sent. Try again ${inSeconds(m.retry_seconds)}.`,
  SETTING_VERSION_NOT_FOUND: "This draft doesn't exist any more. Save it again.",
  // core
  CONVERSATION_NOT_FOUND: "This conversation doesn't exist any more.",
  CONVERSATION_CLOSED: "This conversation is closed.",
  PART_NOT_CARRIED: "This customer's channel can't carry this. Say it in words.",
  WINDOW_CLOSED: "This customer's channel accepts messages again when they write.",
  CONVERSATION_TAKEN: (m) => `${who(m)} has this conversation.`,
  CONVERSATION_NOT_ASSIGNED: "You don't have this conversation any more.",
  CONVERSATION_BUSY: "This conversation is busy. Try again in a moment.",
  CUSTOMER_NOT_FOUND: "This customer doesn't exist any more.",
  CUSTOMER_MERGED: "This record was merged into another customer. Open one of that customer's conversations.",
  CUSTOMER_ERASURE_NOT_FOUND: "There's no receipt for this customer.",
  REQUEST_ID_REUSED: "This message was already sent with different text.",
  // agent
  HANDOVER_TAKEN: (m) => `${who(m)} was faster and has this conversation.`,
  HANDOVER_WITHDRAWN: "This customer isn't waiting any more: the conversation was closed or returned to the assistant.",
  HANDOVER_NOT_FOUND: "This customer isn't waiting any more.",
  NOT_ASSIGNED_TO_YOU: (m) => `${who(m)} has this conversation.`,
  ASSIGNMENT_NOT_FOUND: "This conversation isn't assigned any more.",
  NOT_AN_AGENT: "This user isn't an agent. Ask an administrator for a seat.",
  // the admin's pages of knowledge, assistant and channels
  DOCUMENT_NOT_FOUND: "This document doesn't exist any more.",
  DOCUMENT_CHANGED: "Someone else changed this document in the meantime. Close this and look at it again.",
  DOCUMENT_SOURCE_MISSING: "There is no text in it.",
  TOO_MANY_DOCUMENTS: "There are too many documents. Delete some first.",
  MEDIA_TYPE_UNSUPPORTED: "This kind of file can't be read. Save it as PDF, Word (.docx), text, HTML or CSV.",
  MEDIA_TYPE_MISMATCH: "The file isn't what its name says. Save it again in the right format.",
  UPLOAD_NOT_FOUND: "The upload has expired. Choose the file again.",
  SITE_NOT_FOUND: "This site doesn't exist any more.",
  SITE_CHANGED: "Someone else changed this site in the meantime. Close this and look at it again.",
  START_ADDRESS_INVALID: "This start address can't be read. Copy it from your browser.",
  TOO_MANY_SITES: "There are too many sites. Delete one first.",
  ASSISTANT_FAILED: "The model gave no answer. Test it on the page Models and keys.",
  BUDGET_USED_UP: "The budget of today is used up.",
  TOO_MANY_TURNS: "The assistant is busy with customers. Try again in a moment.",
  SETTING_NOT_USED: (m) => `This can't be set yet${m.field ? ` (${m.field})` : ""}.`,
  CREDENTIAL_EXISTS: "There's a key with this name already. Try again.",
  CREDENTIAL_NOT_FOUND: "This key doesn't exist any more.",
  SECRET_REQUIRED: "Enter the key again: it would be sent to another place than before.",
  URL_NOT_ALLOWED: "Keys can't be sent there: it must be https, and no private network that your operator hasn't allowed.",
  CHANNEL_EXISTS: "There's a channel with this name already. Choose another one.",
  CHANNEL_CHANGED: "Someone else changed this channel in the meantime.",
  CREDENTIALS_KEY_MISSING: "Keys can't be stored: your operator has to set up the key file of channel.",
  CONTRAST_TOO_LOW: (m) => `Text on this colour is hard to read${m.suggestion ? `. Try ${m.suggestion}` : ""}.`,
  ORIGIN_INVALID: (m) => `“${m.origin ?? ""}” isn't a site. Write it as https://shop.example.`,
  LOGO_TOO_LARGE: "This picture is too large: at most 256 KB. Save it smaller, and upload that.",
  LOGO_NOT_AN_IMAGE: "This isn't a PNG, JPEG, WebP or GIF, whatever its name says. Save it as PNG, and upload that.",
  // admin: reports and conversations
  UNKNOWN_METRIC: "This number isn't known. Open one from the overview.",
  UNKNOWN_DIMENSION: "Numbers can't be filtered like this.",
  INVALID_INTERVAL: "This period can't be counted. Choose another one.",
  TRANSCRIPTS_UNAVAILABLE: "Search is unavailable right now. Everything else works.",
  TURN_NOT_FOUND: "This answer is gone, or the link is wrong.",
  NO_PROMPT: "This step asked no model.",
};

const BY_CODE: Partial<Record<Code, string>> = import.meta.env.FRONTDESK_CHAT ? {} : {
  [Code.InvalidArgument]: "Please check your entry.",
  [Code.Unauthenticated]: "You've been signed out.",
  [Code.PermissionDenied]: "You can't do this.",
  [Code.NotFound]: "This doesn't exist any more.",
  [Code.ResourceExhausted]: "You're sending too fast. Try again in a moment.",
  [Code.Unimplemented]: "This isn't available yet.",
  [Code.Unavailable]: "We can't be reached right now.",
  [Code.DeadlineExceeded]: "That took too long. Please try again.",
};

/** Gives the sentence of a failure in another language. */
type Speaker = (code: Code, reason: string, metadata: Record<string, string>) => string;

let speaker: Speaker | undefined;

/** From now on failures are put into words by `speak`. */
export function speakBy(speak: Speaker): void {
  speaker = speak;
}

function sentence(code: Code, reason: string, metadata: Record<string, string>): string {
  if (speaker) return speaker(code, reason, metadata);
  const words = BY_REASON[reason];
  if (words === undefined) return BY_CODE[code] ?? "Something went wrong on our side. Please try again.";
  return typeof words === "string" ? words : words(metadata);
}

function who(metadata: Record<string, string>): string {
  return metadata.agent_display_name ? isolated(metadata.agent_display_name) : "Another agent";
}

function inSeconds(text: string | undefined): string {
  const seconds = Number(text);
  if (!Number.isFinite(seconds) || seconds <= 0) return "in a moment";
  if (seconds < 90) return `in ${Math.ceil(seconds)} seconds`;
  return `in ${Math.ceil(seconds / 60)} minutes`;
}
