/** The user who is signed in: all tabs of this browser share one session, each with an access token of its own in memory. */

import { Code, ConnectError, createClient, type Client, type Transport } from "@connectrpc/connect";
import { AuthService, type LoginResponse, type SecondFactorChallenge, type Tokens } from "@contracts/admin/v1/auth_service_pb";
import type { User } from "@contracts/admin/v1/user_pb";

import { bearer, Bearers, permissionsOf, type Bearer } from "../api/bearer";
import { failure, isSignedOut, type Failure } from "../api/errors";
import { openTransport, signedTransport, unary } from "../api/transport";
import { exclusively } from "../api/turns";
import { Store } from "../chat/store";
import { deviceToken, rememberDevice } from "./devices";
import { rememberOrganization } from "./organization";
import { SharedSession, type SessionChange } from "./sharedSession";

export interface AccountState {
  /** `secondFactor`: a code is asked for. `recoveryCodes`: signed in as soon as the user has kept them. */
  phase: "restoring" | "signedOut" | "signingIn" | "secondFactor" | "recoveryCodes" | "signedIn";
  user: User | undefined;
  /** Of the newest access token. */
  permissions: readonly string[];
  /** The reason for showing the form. */
  failure: Failure | undefined;
  /** Signed in by the form just now, not by a reload. */
  fresh: boolean;
  /** The question that the code answers, with the key to set an app up if there is none yet. */
  challenge: SecondFactorChallenge | undefined;
  /** To be shown once. */
  recoveryCodes: readonly string[];
  /** The code is being checked. */
  verifying: boolean;
  /** The user signed out in another tab: what this one shows must go. */
  left: boolean;
}

const NOTHING: AccountState = {
  phase: "signedOut",
  user: undefined,
  permissions: [],
  failure: undefined,
  fresh: false,
  challenge: undefined,
  recoveryCodes: [],
  verifying: false,
  left: false,
};

const LOCK = "frontdesk:session";

export class Account {
  readonly store = new Store<AccountState>(NOTHING);
  readonly #client: Client<typeof AuthService>;
  readonly #bearers = new Bearers(() => this.#refresh());
  readonly #session = new SharedSession();
  /** This tab takes part in the session: not while it shows the page of a one-time link. */
  #takesPart = false;
  /** Of the sign-in that waits for its second factor, or for its recovery codes to be kept. */
  #pending: { email: string; login?: LoginResponse } = { email: "" };

  /** For calls in the user's name. */
  readonly transport: Transport;

  constructor(open: Transport = openTransport()) {
    this.#client = createClient(AuthService, open);
    this.transport = signedTransport(this.#bearers);
    this.#session.onChange((change) => this.#changedElsewhere(change));
  }

  /** Resumes the session of this browser, if there is one. */
  async restore(): Promise<void> {
    this.#takesPart = true;
    if (this.#session.get() === undefined) return;
    this.store.set({ phase: "restoring" });
    try {
      await this.#bearers.get();
    } catch (error) {
      const why = failure(error);
      this.store.set({ phase: "signedOut", failure: why });
    }
  }

  /** A token for a plain HTTP request, such as the upload of a file. */
  token(): Promise<string> {
    return this.#bearers.get();
  }

  /** `organization` is the id alone, such as `demo`. */
  async signIn(organization: string, email: string, password: string): Promise<void> {
    this.store.set({ phase: "signingIn", failure: undefined });
    try {
      const name = `organizations/${organization.trim().toLowerCase()}`;
      const request = { organization: name, email: email.trim(), password, deviceToken: deviceToken(signInOf(name, email)) };
      this.enter(await this.#client.login(request, unary), email);
    } catch (error) {
      this.store.set({ phase: "signedOut", failure: failure(error) });
    }
  }

  /** Takes over what a sign-in, an invitation or the set-up answered: tokens, or the question for a second factor. */
  enter(login: LoginResponse, email: string): void {
    const { secondFactor: challenge, user, tokens } = login;
    if (challenge) {
      this.#pending = { email };
      this.store.set({ phase: "secondFactor", challenge, failure: undefined });
      return;
    }
    if (user) {
      const organization = user.name.split("/").slice(0, 2).join("/");
      rememberDevice(signInOf(organization, email), login.deviceToken);
      rememberOrganization(organization.slice("organizations/".length));
    }
    this.#takesPart = true;
    this.#bearers.set(this.#keep(tokens, user));
    this.store.set({ phase: "signedIn", left: false, user, fresh: true, challenge: undefined, recoveryCodes: [], failure: undefined });
  }

  /** Answers the challenge: 6 digits of the app, or a recovery code. */
  async verify(code: string): Promise<void> {
    const { challenge } = this.store.get();
    if (!challenge) return;
    this.store.set({ verifying: true, failure: undefined });
    try {
      const verified = await this.#client.verifySecondFactor({ challengeToken: challenge.challengeToken, code: code.trim() }, unary);
      if (!verified.login) throw new ConnectError("no sign-in", Code.Internal);
      if (verified.recoveryCodes.length === 0) this.enter(verified.login, this.#pending.email);
      else {
        this.#pending.login = verified.login;
        this.store.set({ phase: "recoveryCodes", recoveryCodes: verified.recoveryCodes });
      }
    } catch (error) {
      const why = failure(error);
      if (why.reason === "INVALID_CHALLENGE") this.store.set({ ...NOTHING, failure: why });
      else this.store.set({ failure: why });
    } finally {
      this.store.set({ verifying: false });
    }
  }

  /** The user has kept the recovery codes. */
  keptRecoveryCodes(): void {
    const { login, email } = this.#pending;
    if (login) this.enter(login, email);
  }

  /** Back to the form. */
  startOver(): void {
    this.store.set(NOTHING);
  }

  /** Signs out, in all tabs. */
  async signOut(): Promise<void> {
    const session = this.#session.get();
    this.#session.leave();
    this.#out(undefined, false);
    if (session) await this.#client.logout({ refreshToken: session.refreshToken }, unary).catch(() => undefined);
  }

  /** This tab's calls are refused, for the reason given. The other tabs notice it themselves, if it is true of them. */
  ended(why: Failure | undefined): void {
    this.#out(why, false);
  }

  #out(why: Failure | undefined, left: boolean): void {
    this.#bearers.drop();
    this.store.set({ ...NOTHING, failure: why, left });
  }

  /** Another tab did something with the session. */
  #changedElsewhere(change: SessionChange): void {
    const { phase, user } = this.store.get();
    if (!this.#takesPart || (phase !== "signedIn" && phase !== "signedOut")) return;
    if (change.kind === "kept") {
      if (phase === "signedOut" || change.user !== user?.name) void this.#renew();
    } else if (phase === "signedIn") {
      if (change.kind === "presented") void this.#standBy();
      else this.#out(undefined, change.kind === "left");
    }
  }

  /** Asks in the place of a tab that was closed before its answer came, while the server still repeats that answer. */
  async #standBy(): Promise<void> {
    const presented = await exclusively(LOCK, () => Promise.resolve(this.#session.get()?.presented));
    if (presented !== undefined) await this.#renew();
  }

  /** Another access token; where that fails, the next call meets the same failure. */
  async #renew(): Promise<void> {
    this.#bearers.drop();
    await this.#bearers.get().catch(() => undefined);
  }

  /** Ends a session that the server refuses, for the reason given, and waits until the user has signed in again. */
  signedInAgain(why: Failure): Promise<void> {
    if (this.store.get().phase === "signedIn") this.ended(why);
    return new Promise((resolve) => {
      const stop = this.store.subscribe(() => {
        if (this.store.get().phase !== "signedIn") return;
        stop();
        resolve();
      });
    });
  }

  /** One tab at a time, with the token that the one before stored. */
  #refresh(): Promise<Bearer> {
    return exclusively(LOCK, async () => {
      if (this.#session.get() === undefined) throw new ConnectError("signed out", Code.Unauthenticated);
      await this.#client.getJwks({}, unary); // without a way to admin nothing is presented, and the session outlasts any outage
      const refreshToken = this.#session.take();
      if (refreshToken === undefined) throw new ConnectError("signed out", Code.Unauthenticated);
      try {
        const { tokens, user } = await this.#client.refreshToken({ refreshToken }, unary);
        const current = this.#keep(tokens, user, refreshToken);
        this.store.set({ phase: "signedIn", left: false, user, failure: undefined });
        return current;
      } catch (error) {
        if (isAnswer(failure(error))) this.#session.refused(refreshToken);
        if (isSignedOut(failure(error))) {
          this.#session.end(refreshToken);
          this.#out(failure(error), false);
        }
        throw error;
      }
    });
  }

  #keep(tokens: Tokens | undefined, user: User | undefined, before?: string): Bearer {
    if (!tokens || !user) throw new ConnectError("no tokens", Code.Internal);
    if (!this.#session.keep(tokens.refreshToken, user.name, before)) throw new ConnectError("another sign-in", Code.Canceled);
    this.store.set({ permissions: permissionsOf(tokens.accessToken) });
    return bearer(tokens.accessToken);
  }
}

/** Whether admin, or the edge before it, answered that it exchanged nothing. After any other failure it may have. */
function isAnswer({ reason }: Failure): boolean {
  return reason !== "" && reason !== "SERVICE_UNAVAILABLE" && reason !== "OUT_OF_TIME";
}

function signInOf(organization: string, email: string): string {
  return `${organization}/${email.trim().toLowerCase()}`;
}
