import { create } from "@bufbuild/protobuf";
import { Code, ConnectError, createRouterTransport } from "@connectrpc/connect";
import { ConversationMailSchema, MailAddressState, WebChatMailService } from "@contracts/channel/v1/web_chat_mail_service_pb";
import { expect, it } from "vitest";

import { ChatMail, confirmAddress, linkOf, mailView, takeLink } from "./mail";

const NAME = "organizations/demo/mailLinks/l-1";
const SECRET = "abcdefghijklmnopqrst_-12";
const CONVERSATION = "organizations/demo/conversations/c1";
const { NONE, UNCONFIRMED, CONFIRMED } = MailAddressState;

it("reads the link that stops mails from the query alone, whatever trackers did to it", () => {
  for (const query of [`?stop=${NAME}:${SECRET}`, `?utm_source=a&stop=${NAME}:${SECRET}&gclid=b`, `?stop=${encodeURIComponent(`${NAME}:${SECRET}`)}&x`])
    expect(linkOf(query)).toEqual({ kind: "stop", name: NAME, secret: SECRET });
  for (const other of [`#stop=${NAME}:${SECRET}`, `?resume=${NAME}:${SECRET}`]) expect(linkOf(other)).toBeUndefined();
});

it.each(["confirm", "resume"] as const)("reads the link of a mail that %ss", (kind) => {
  expect(linkOf(`#${kind}=${NAME}:${SECRET}`)).toEqual({ kind, name: NAME, secret: SECRET });
});

it.each(["", "#", `#confirm=${NAME}`, `#confirm=${NAME}:short`, `#open=${NAME}:${SECRET}`, `#confirm=organizations/demo/users/u:${SECRET}`, `#resume=${NAME}:${SECRET}<script>`])(
  "takes %j for no link",
  (fragment) => expect(linkOf(fragment)).toBeUndefined(),
);

it("takes a link out of the address, and nothing else", () => {
  const shown: unknown[] = [];
  const history = { replaceState: (_state: unknown, _title: string, address: string) => void shown.push(address) } as unknown as History;
  const at = (hash: string) => ({ history, location: { hash, pathname: "/chat/demo/web", search: "?language=de" } as Location });
  const stops = { history, location: { hash: "", pathname: "/chat/demo/web", search: `?stop=${NAME}:${SECRET}` } as Location };
  expect(takeLink(at(`#confirm=${NAME}:${SECRET}`))?.name).toBe(NAME);
  expect(takeLink(at("#section"))).toBeUndefined();
  expect(takeLink(stops)?.kind).toBe("stop");
  expect(shown).toEqual(["/chat/demo/web?language=de", "/chat/demo/web"]);
});

/** A server of one conversation, which fails as often as asked. */
function server(failures = 0) {
  const calls: { method: string; requestId: string }[] = [];
  const state = { value: NONE };
  const mail = () => create(ConversationMailSchema, { available: true, state: state.value, answers: state.value !== NONE, maskedAddress: "a…@shop.example" });
  const fail = () => {
    if (failures-- > 0) throw new ConnectError("gone", Code.Unavailable);
  };
  const transport = createRouterTransport(({ service }) => {
    service(WebChatMailService, {
      getConversationMail: mail,
      leaveAddress: ({ requestId }) => {
        calls.push({ method: "leave", requestId });
        fail();
        state.value = UNCONFIRMED;
        return mail();
      },
      removeAddress: () => {
        state.value = NONE;
        return mail();
      },
      sendTranscript: ({ requestId }) => {
        calls.push({ method: "transcript", requestId });
        return {};
      },
      confirmAddress: ({ secret }) => {
        if (secret !== SECRET) throw new ConnectError("gone", Code.NotFound);
        return { maskedAddress: "a…@shop.example" };
      },
    });
  });
  return { calls, state, transport, mail: new ChatMail(() => Promise.resolve(transport)) };
}

it("leaves an address and removes it again", async () => {
  const { mail } = server();
  await mail.look(CONVERSATION);
  expect(mail.store.get().found?.state).toBe(NONE);
  await mail.leave("ada@shop.example", "de");
  expect(mail.store.get().found?.state).toBe(UNCONFIRMED);
  await mail.remove();
  expect(mail.store.get()).toMatchObject({ found: { state: NONE }, busy: false, problem: "" });
});

it("says what failed, and repeats the same request, so that no second mail is sent", async () => {
  const { mail, calls } = server(1);
  await mail.look(CONVERSATION);
  await mail.leave("ada@shop.example", "de");
  expect(mail.store.get()).toMatchObject({ busy: false, problem: "We can't be reached right now." });
  await mail.leave("ada@shop.example", "de");
  await mail.leave("ada@shop.example", "de");
  expect(mail.store.get().problem).toBe("");
  const [first, again, another] = calls.map(({ requestId }) => requestId);
  expect(again).toBe(first);
  expect(another).not.toBe(first);
});

it("says that a transcript is on its way, in its own conversation only", async () => {
  const { mail, calls } = server();
  await mail.look(CONVERSATION);
  await mail.sendTranscript();
  expect(mail.store.get().sent).toBe(true);
  expect(calls.map(({ method }) => method)).toEqual(["transcript"]);
  await mail.look(`${CONVERSATION}0`);
  expect(mail.store.get().sent).toBe(false);
});

it("keeps what it knows when it can't look", async () => {
  const { mail } = server();
  await mail.look(CONVERSATION);
  const lost = new ChatMail(() => Promise.reject(new Error("away")));
  await lost.look(CONVERSATION);
  expect([mail.store.get().found?.available, lost.store.get().found]).toEqual([true, undefined]);
});

it("confirms an address by its secret", async () => {
  const { transport } = server();
  expect(await confirmAddress({ kind: "confirm", name: NAME, secret: SECRET }, transport)).toBe("a…@shop.example");
  await expect(confirmAddress({ kind: "confirm", name: NAME, secret: `${SECRET}x` }, transport)).rejects.toThrow("gone");
});

it.each([
  ["form", { state: NONE, answers: false }, true, false],
  ["none", { state: NONE, answers: false }, false, false],
  ["unconfirmed", { state: UNCONFIRMED, answers: true }, false, false],
  ["confirmed", { state: CONFIRMED, answers: true }, true, false],
  ["form", { state: CONFIRMED, answers: false }, true, false],
  ["transcript", { state: CONFIRMED, answers: false }, false, true],
  ["none", { state: UNCONFIRMED, answers: true }, false, true],
] as const)("shows %s for %j, alone %s, closed %s", (shown, found, alone, closed) => {
  expect(mailView({ available: true, ...found }, alone, closed)).toBe(shown);
});

it("shows nothing of mail where there is none", () => {
  expect(mailView(undefined, true, false)).toBe("none");
  expect(mailView({ available: false, state: CONFIRMED, answers: true }, true, true)).toBe("none");
});
