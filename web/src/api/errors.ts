/** Errors of calls, as something a person can read and a program can decide on. */

import { BinaryReader } from "@bufbuild/protobuf/wire";
import { Code, ConnectError } from "@connectrpc/connect";

/** Why a call failed. `reason` and `metadata` are those of `google.rpc.ErrorInfo`, empty when the server sent none. */
export interface Failure {
  code: Code;
  reason: string;
  metadata: Record<string, string>;
  /** A sentence for the person in front of the screen. */
  sentence: string;
}

/** Turns whatever a call threw into a Failure. */
export function failure(error: unknown): Failure {
  const known = ConnectError.from(error);
  const info = errorInfo(known);
  const code = isNetwork(error) ? Code.Unavailable : known.code;
  return { code, ...info, sentence: sentence(code, info.reason, info.metadata) };
}

/** Whether the same call may succeed a moment later. */
export function isTransient({ code }: Failure): boolean {
  return [Code.Unavailable, Code.DeadlineExceeded, Code.Aborted, Code.Internal, Code.Unknown].includes(code);
}

/** Whether the caller must sign in, or open a session, anew. */
export function isSignedOut({ code }: Failure): boolean {
  return code === Code.Unauthenticated;
}

function isNetwork(error: unknown): boolean {
  const cause = error instanceof ConnectError ? error.cause : error;
  return cause instanceof TypeError; // what fetch throws when it reaches nobody
}

const TYPE = "google.rpc.ErrorInfo";

function errorInfo(error: ConnectError): Pick<Failure, "reason" | "metadata"> {
  for (const detail of error.details) {
    if ("type" in detail && detail.type === TYPE) return readErrorInfo(detail.value);
  }
  return { reason: "", metadata: {} };
}

/** Reads `google.rpc.ErrorInfo`: 1 reason, 2 domain, 3 map of metadata. Three fields are not worth a generated file. */
export function readErrorInfo(bytes: Uint8Array): Pick<Failure, "reason" | "metadata"> {
  const reader = new BinaryReader(bytes);
  const info = { reason: "", metadata: {} as Record<string, string> };
  while (reader.pos < reader.len) {
    const [field, wire] = reader.tag();
    if (field === 1) info.reason = reader.string();
    else if (field === 3) {
      const [key, value] = readEntry(reader.bytes());
      info.metadata[key] = value;
    } else reader.skip(wire);
  }
  return info;
}

function readEntry(bytes: Uint8Array): [string, string] {
  const reader = new BinaryReader(bytes);
  const entry: [string, string] = ["", ""];
  while (reader.pos < reader.len) {
    const [field, wire] = reader.tag();
    if (field === 1 || field === 2) entry[field - 1] = reader.string();
    else reader.skip(wire);
  }
  return entry;
}

type Words = string | ((metadata: Record<string, string>) => string);

const BY_REASON: Record<string, Words> = {
  // every service
  PERMISSION_MISSING: (m) => `Your role does not allow this${m.permission ? ` (${m.permission})` : ""}. An administrator can give you one that does.`,
  ORGANIZATION_MISMATCH: "This belongs to another organization.",
  INVALID_TOKEN: "You have been signed out.",
  STORE_UNAVAILABLE: "We cannot be reached at the moment.",
  // admin
  INVALID_CREDENTIALS: "Organization, e-mail address or password is not right.",
  TOO_MANY_ATTEMPTS: (m) => `Too many attempts. Try again ${inSeconds(m.retry_seconds)}.`,
  INVALID_REFRESH_TOKEN: "You have been signed out. Sign in again.",
  REFRESH_TOKEN_REUSED: "You have been signed out, because this session was used in two places. Sign in again.",
  // channel
  CHANNEL_NOT_FOUND: "This chat does not exist.",
  CHANNEL_PAUSED: "The chat is closed for the moment. Please try again later.",
  ORIGIN_NOT_ALLOWED: "The chat is not available on this site.",
  IDENTITY_INVALID: "We could not make sure who you are. Please sign in to the shop again.",
  SESSION_EXPIRED: "Your chat has expired.",
  SESSION_SECRET_INVALID: "Your chat has expired.",
  TOO_MANY_REQUESTS: (m) => `That was a lot at once. Try again ${inSeconds(m.retry_seconds)}.`,
  TEXT_EMPTY: "Write something first.",
  // core
  CONVERSATION_NOT_FOUND: "This conversation does not exist any more.",
  CONVERSATION_CLOSED: "This conversation is closed.",
  CONVERSATION_TAKEN: (m) => `${who(m)} has this conversation.`,
  CONVERSATION_NOT_ASSIGNED: "You do not have this conversation any more.",
  CONVERSATION_BUSY: "A lot is happening in this conversation. Try again in a moment.",
  REQUEST_ID_REUSED: "This message was sent before with other words.",
  // agent
  HANDOVER_TAKEN: (m) => `${who(m)} was faster and has this conversation.`,
  HANDOVER_WITHDRAWN: "Nobody waits here any more: the conversation was closed or went back to the assistant.",
  HANDOVER_NOT_FOUND: "Nobody waits here any more.",
  NOT_ASSIGNED_TO_YOU: (m) => `${who(m)} has this conversation.`,
  ASSIGNMENT_NOT_FOUND: "No agent has this conversation any more.",
  NOT_AN_AGENT: "This user has no seat as an agent.",
};

const BY_CODE: Partial<Record<Code, string>> = {
  [Code.InvalidArgument]: "Something in this is not as it should be.",
  [Code.Unauthenticated]: "You have been signed out.",
  [Code.PermissionDenied]: "You may not do this.",
  [Code.NotFound]: "This does not exist any more.",
  [Code.ResourceExhausted]: "That was a lot at once. Try again in a moment.",
  [Code.Unimplemented]: "This is not available yet.",
  [Code.Unavailable]: "We cannot be reached at the moment.",
  [Code.DeadlineExceeded]: "That took too long. Please try again.",
};

function sentence(code: Code, reason: string, metadata: Record<string, string>): string {
  const words = BY_REASON[reason];
  if (words === undefined) return BY_CODE[code] ?? "Something went wrong on our side. Please try again.";
  return typeof words === "string" ? words : words(metadata);
}

function who(metadata: Record<string, string>): string {
  return metadata.agent_display_name || "Another agent";
}

function inSeconds(text: string | undefined): string {
  const seconds = Number(text);
  if (!Number.isFinite(seconds) || seconds <= 0) return "in a moment";
  if (seconds < 90) return `in ${Math.ceil(seconds)} seconds`;
  return `in ${Math.ceil(seconds / 60)} minutes`;
}
