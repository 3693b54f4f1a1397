/** The customer's e-mail address: where answers go when they have left, and the links in the mails to it. */

import { createClient, type Transport } from "@connectrpc/connect";
import { MailAddressState, WebChatMailService, type ConversationMail } from "@contracts/channel/v1/web_chat_mail_service_pb";

import { failure } from "../api/errors";
import { openTransport, unary } from "../api/transport";
import { newId } from "../chat/outbox";
import { Store } from "../chat/store";

/** A link in a mail: `#confirm=organizations/O/mailLinks/L:SECRET`, `#resume=…` or `?stop=…`, which a mail program may post. */
export interface MailLink {
  kind: "confirm" | "resume" | "stop";
  name: string;
  secret: string;
}

const LINK = /^(?:#(?=[cr])|\?(?=s))(confirm|resume|stop)=(organizations\/[a-z0-9-]{1,63}\/mailLinks\/[a-z0-9-]{1,63}):([\w.~-]{20,128})$/;

/** The link of a fragment or a query, whatever else trackers added to the query; undefined for any other one. */
export function linkOf(text: string): MailLink | undefined {
  const alone = text.startsWith("?") ? `?stop=${new URLSearchParams(text).get("stop") ?? ""}` : text;
  const [, kind, name, secret] = LINK.exec(alone) ?? [];
  return kind && name && secret ? { kind: kind as MailLink["kind"], name, secret } : undefined;
}

/** Takes the link out of the address bar, so that it stays neither there nor in the history. */
export function takeLink({ location, history }: Pick<Window, "location" | "history">): MailLink | undefined {
  const link = linkOf(location.hash);
  if (link) history.replaceState(null, "", location.pathname + location.search);
  const stops = linkOf(location.search);
  if (stops) history.replaceState(null, "", location.pathname);
  return link ?? stops;
}

/** Confirms an address; returns it, shortened. Rejects with a ConnectError. */
export async function confirmAddress({ name, secret }: MailLink, transport = openTransport()): Promise<string> {
  return (await createClient(WebChatMailService, transport).confirmAddress({ name, secret }, unary)).maskedAddress;
}

/** Stops mails to an address; returns it, shortened. Rejects with a ConnectError. */
export async function stopMails({ name, secret }: MailLink, transport = openTransport()): Promise<string> {
  return (await createClient(WebChatMailService, transport).stopMails({ name, secret }, unary)).maskedAddress;
}

export interface MailState {
  /** Of which `found` is. */
  conversation: string;
  /** Undefined: not known yet. */
  found: ConversationMail | undefined;
  busy: boolean;
  /** Why the customer's last action failed; empty: it didn't. */
  problem: string;
  /** A transcript is on its way. */
  sent: boolean;
}

const NOTHING: MailState = { conversation: "", found: undefined, busy: false, problem: "", sent: false };

type Client = ReturnType<typeof createClient<typeof WebChatMailService>>;

export class ChatMail {
  readonly store = new Store<MailState>(NOTHING);
  /** Of the next mail, the same when its call is repeated. */
  #request = { of: "", id: "" };

  constructor(private readonly transport: () => Promise<Transport>) {}

  /** Looks how it is in a conversation. Without an answer the last one stays. */
  look = async (conversation: string): Promise<void> => {
    if (conversation !== this.store.get().conversation) this.store.set({ ...NOTHING, conversation });
    const client = await this.#client();
    const found = await client?.getConversationMail({ name: `${conversation}/mail` }, unary).catch(() => undefined);
    if (found && conversation === this.store.get().conversation) this.store.set({ found });
  };

  leave = (address: string, language: string): Promise<void> =>
    this.#act((client, name) => client.leaveAddress({ name, address, language, requestId: this.#idOf(`${name} ${address}`) }, unary));

  remove = (): Promise<void> => this.#act((client, name) => client.removeAddress({ name }, unary));

  sendTranscript = (): Promise<void> =>
    this.#act(async (client, name) => {
      await client.sendTranscript({ name, requestId: this.#idOf(`${name} transcript`) }, unary);
      return undefined;
    }, true);

  async #act(work: (client: Client, name: string) => Promise<ConversationMail | undefined>, sends = false): Promise<void> {
    const { conversation, busy } = this.store.get();
    if (busy) return;
    this.store.set({ busy: true, problem: "", sent: false });
    const tell = (change: Partial<MailState>) => {
      if (conversation === this.store.get().conversation) this.store.set({ busy: false, ...change });
    };
    try {
      const found = await work(createClient(WebChatMailService, await this.transport()), `${conversation}/mail`);
      this.#request = { of: "", id: "" };
      tell({ ...(found && { found }), sent: sends });
    } catch (error) {
      tell({ problem: failure(error).sentence });
    }
  }

  #idOf(what: string): string {
    if (this.#request.of !== what) this.#request = { of: what, id: newId() };
    return this.#request.id;
  }

  async #client(): Promise<Client | undefined> {
    const transport = await this.transport().catch(() => undefined);
    return transport && createClient(WebChatMailService, transport);
  }
}

/** A conversation shows about mail: nothing, the form for an address, what happens to one that was left, or the transcript. */
export type MailView = "none" | "form" | "unconfirmed" | "confirmed" | "transcript";

/** `alone`: the customer waits while no one is there. */
export function mailView(found: Pick<ConversationMail, "available" | "state" | "answers"> | undefined, alone: boolean, closed: boolean): MailView {
  if (!found?.available) return "none";
  const confirmed = found.state === MailAddressState.CONFIRMED;
  if (closed) return confirmed ? "transcript" : "none";
  if (found.answers) return confirmed ? "confirmed" : "unconfirmed";
  return alone ? "form" : "none";
}
