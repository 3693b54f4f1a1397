/** Bytes of a file to the knowledge: a plain POST, because gRPC-web in browsers can't stream a request. */

import type { Transport } from "@connectrpc/connect";
import { DocumentService } from "@contracts/memory/v1/document_service_pb";

import type { Account } from "../../account/account";
import { failure, type Failure } from "../../api/errors";
import { call, insist } from "../data/calls";
import type { Sender } from "./uploads";

interface Place {
  /** `organizations/{organization}`. */
  parent: string;
  account: Account;
  transport: Transport;
}

export function sender({ parent, account, transport }: Place): Sender {
  return {
    upload: async (file, progress, signal) => post(parent, await account.token(), file, progress, signal),
    create: (upload, requestId, documentId = "") => {
      const request = { parent, requestId, documentId, document: { source: { case: "file", value: { upload } } } } as const;
      return inWords(insist(account, () => call(transport, DocumentService.method.createDocument, request)));
    },
    find: (id) => {
      const found = insist(account, () => call(transport, DocumentService.method.getDocument, { name: `${parent}/documents/${id}` }));
      return inWords(found.catch((error: unknown) => (asFailure(error).reason === "DOCUMENT_NOT_FOUND" ? undefined : Promise.reject(error as Error))));
    },
    update: ({ name, etag }, upload) => {
      const request = { document: { name, etag, source: { case: "file" as const, value: { upload } } }, updateMask: { paths: ["file"] } };
      return inWords(insist(account, () => call(transport, DocumentService.method.updateDocument, request)));
    },
  };
}

/** The same work; it rejects with an Error that says the failure's sentence. */
async function inWords<T>(work: Promise<T>): Promise<T> {
  return work.catch((error: unknown) => Promise.reject(new Error(asFailure(error).sentence)));
}

function asFailure(error: unknown): Failure {
  return typeof error === "object" && error !== null && "sentence" in error ? (error as Failure) : failure(error);
}

/** By XMLHttpRequest, because `fetch` has no progress of what is sent. */
function post(parent: string, token: string, file: File, progress: (sent: number) => void, signal: AbortSignal): Promise<string> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    const query = new URLSearchParams({ fileName: file.name, sizeBytes: String(file.size) });
    request.open("POST", `/v1/${parent}/uploads?${query.toString()}`);
    request.setRequestHeader("authorization", `Bearer ${token}`);
    request.setRequestHeader("content-type", file.type || "application/octet-stream");
    request.upload.addEventListener("progress", (event) => progress(event.loaded));
    request.addEventListener("load", () => {
      const answer = parsed(request.responseText);
      if (request.status === 200 && answer.upload) resolve(answer.upload);
      else reject(new Error(answer.message ?? "The upload failed. Try again."));
    });
    request.addEventListener("error", () => reject(new Error("The connection broke off. Try again.")));
    signal.addEventListener("abort", () => {
      request.abort();
      reject(new Error("Cancelled."));
    });
    request.send(file);
  });
}

function parsed(text: string): { upload?: string; message?: string } {
  try {
    return JSON.parse(text) as { upload?: string; message?: string };
  } catch {
    return {};
  }
}
