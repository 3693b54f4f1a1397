import { BinaryWriter, WireType } from "@bufbuild/protobuf/wire";
import { Code, ConnectError, createRouterTransport, type Transport } from "@connectrpc/connect";
import { AuthService } from "@contracts/admin/v1/auth_service_pb";
import { afterEach, beforeEach, expect, it, vi } from "vitest";

import { Locks } from "../api/locks.fixture";
import { area } from "../api/storage.fixture";
import { Account } from "./account";

const FRESH_MS = 10 * 60_000;

/** A service that gives each session's tokens out once, as admin does. */
class Server {
  readonly presented: string[] = [];
  readonly ended: string[] = [];
  down = false;
  /** The failure of the call that presents a token, whatever admin did with it. */
  lost: Error | undefined;
  /** Why admin exchanges nothing. */
  refusal: ConnectError | undefined;
  #made = 0;
  /** By the token that is good now. */
  readonly #sessions = new Map<string, string>();

  readonly transport: Transport = createRouterTransport(({ service }) => {
    service(AuthService, {
      login: ({ email }) => this.#tokens(email.split("@")[0]!),
      getJwks: () => {
        if (this.down) throw new ConnectError("down", Code.Unavailable);
        return {};
      },
      refreshToken: async ({ refreshToken }) => {
        await Promise.resolve();
        this.presented.push(refreshToken);
        if (this.refusal) throw this.refusal;
        if (this.lost) throw this.lost;
        const user = this.#sessions.get(refreshToken);
        if (!user) throw new ConnectError("used", Code.Unauthenticated);
        this.#sessions.delete(refreshToken);
        return this.#tokens(user);
      },
      logout: ({ refreshToken }) => {
        this.ended.push(refreshToken);
        return {};
      },
    });
  });

  endAll(): void {
    this.#sessions.clear();
  }

  #tokens(user: string) {
    const refreshToken = `${user}-${++this.#made}`;
    this.#sessions.set(refreshToken, user);
    const seconds = Math.floor(Date.now() / 1000);
    const claims = btoa(JSON.stringify({ iat: seconds, exp: seconds + FRESH_MS / 1000, permissions: [user] }));
    return { tokens: { refreshToken, accessToken: `x.${claims}.${this.#made}` }, user: { name: `organizations/o/users/${user}` }, deviceToken: "d" };
  }
}

let listeners: ((event: { key: string }) => void)[];
let server: Server;

beforeEach(() => {
  vi.useFakeTimers();
  listeners = [];
  server = new Server();
  vi.stubGlobal("window", {
    localStorage: area(),
    location: { origin: "http://localhost", search: "" },
    addEventListener: (_: string, heard: (event: { key: string }) => void) => listeners.push(heard),
  });
  vi.stubGlobal("navigator", { locks: new Locks() });
});
afterEach(() => {
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

const tab = () => new Account(server.transport);

/** One tab wrote, and the browser notifies the tab at this place. */
async function noticed(place: number): Promise<void> {
  listeners[place]!({ key: "frontdesk:session" });
  await vi.advanceTimersByTimeAsync(1);
}

/** Two tabs of one user. */
async function two(): Promise<[Account, Account]> {
  const [first, second] = [tab(), tab()];
  await first.signIn("o", "ann@o.example", "secret");
  await second.restore();
  return [first, second];
}

it("signs a second tab in by the session of the first", async () => {
  const [first, second] = await two();
  expect(first.store.get()).toMatchObject({ phase: "signedIn", permissions: ["ann"] });
  expect(second.store.get()).toMatchObject({ phase: "signedIn", permissions: ["ann"], fresh: false });
});

it("presents no token twice when both tabs need another at once", async () => {
  const [first, second] = await two();
  await vi.advanceTimersByTimeAsync(FRESH_MS);
  await Promise.all([first.token(), second.token(), first.token()]);
  expect(server.presented).toEqual(["ann-1", "ann-2", "ann-3"]);
});

it("signs out in all tabs, and ends the session", async () => {
  const [first, second] = await two();
  await first.signOut();
  await noticed(1);
  expect(second.store.get()).toMatchObject({ phase: "signedOut", left: true });
  expect(server.ended).toEqual(["ann-2"]);
  await expect(second.token()).rejects.toThrow("signed out");
});

it("asks in each tab when the server ended the session, and one sign-in answers both", async () => {
  const [first, second] = await two();
  server.endAll();
  await vi.advanceTimersByTimeAsync(FRESH_MS);
  await expect(first.token()).rejects.toThrow();
  await noticed(1);
  expect(second.store.get()).toMatchObject({ phase: "signedOut", left: false });
  await first.signIn("o", "ann@o.example", "secret");
  await noticed(1);
  expect(second.store.get()).toMatchObject({ phase: "signedIn", permissions: ["ann"] });
});

it("follows when another user signs in, and leaves a tab with a one-time link alone", async () => {
  const [first, second] = await two();
  const link = tab();
  await first.signOut();
  await first.signIn("o", "ben@o.example", "secret");
  await noticed(1);
  await noticed(2);
  expect(second.store.get().user?.name).toBe("organizations/o/users/ben");
  expect(link.store.get().phase).toBe("signedOut");
});

it("keeps the session while the server is unavailable", async () => {
  const [first] = await two();
  server.down = true;
  await vi.advanceTimersByTimeAsync(FRESH_MS);
  await expect(first.token()).rejects.toThrow("down");
  server.down = false;
  await vi.advanceTimersByTimeAsync(60_000);
  await first.token();
  expect(first.store.get().phase).toBe("signedIn");
});

it.each([
  new ConnectError("too late", Code.DeadlineExceeded),
  new ConnectError("reset", Code.Unavailable),
  answer("SERVICE_UNAVAILABLE", Code.Unavailable),
  answer("OUT_OF_TIME", Code.DeadlineExceeded),
  new ConnectError("no connection", Code.Unknown, undefined, undefined, new TypeError("no connection")),
])("presents a token whose answer got lost only for 8 s: %s", async (lost) => {
  const [first] = await two();
  server.lost = lost;
  await vi.advanceTimersByTimeAsync(FRESH_MS);
  await expect(first.token()).rejects.toThrow();
  await vi.advanceTimersByTimeAsync(7_000);
  await expect(first.token()).rejects.toThrow();
  expect(server.presented).toEqual(["ann-1", "ann-2", "ann-2"]);
  await vi.advanceTimersByTimeAsync(2_000);
  await expect(first.token()).rejects.toThrow("signed out");
  expect(server.presented).toHaveLength(3);
});

it("presents a token again, at any time, that admin answered not to have exchanged", async () => {
  const [first] = await two();
  server.refusal = answer("STORE_UNAVAILABLE", Code.Unavailable);
  await vi.advanceTimersByTimeAsync(FRESH_MS);
  await expect(first.token()).rejects.toThrow();
  server.refusal = undefined;
  await vi.advanceTimersByTimeAsync(60_000);
  await first.token();
  expect(first.store.get().phase).toBe("signedIn");
});

/** An error with `google.rpc.ErrorInfo`. */
function answer(reason: string, code: Code): ConnectError {
  const known = new ConnectError(reason, code);
  const value = new BinaryWriter().tag(1, WireType.LengthDelimited).string(reason).finish();
  known.details.push({ type: "google.rpc.ErrorInfo", value });
  return known;
}
