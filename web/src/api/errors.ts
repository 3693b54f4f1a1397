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

/** Whether the caller must sign in, or open a session, again. */
export function isSignedOut({ code }: Failure): boolean {
  return code === Code.Unauthenticated;
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

const BY_REASON: Record<string, Words> = {
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
  MEDIA_NOT_READY: "This file isn't complete.",
  MEDIA_QUOTA_EXCEEDED: "You can't send more files today.",
  TOO_MANY_UPLOADS: "You're uploading too many files. Wait until some are done.",
  // core
  CONVERSATION_NOT_FOUND: "This conversation doesn't exist any more.",
  CONVERSATION_CLOSED: "This conversation is closed.",
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
};

const BY_CODE: Partial<Record<Code, string>> = {
  [Code.InvalidArgument]: "Please check your entry.",
  [Code.Unauthenticated]: "You've been signed out.",
  [Code.PermissionDenied]: "You can't do this.",
  [Code.NotFound]: "This doesn't exist any more.",
  [Code.ResourceExhausted]: "You're sending too fast. Try again in a moment.",
  [Code.Unimplemented]: "This isn't available yet.",
  [Code.Unavailable]: "We can't be reached right now.",
  [Code.DeadlineExceeded]: "That took too long. Please try again.",
};

function sentence(code: Code, reason: string, metadata: Record<string, string>): string {
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
