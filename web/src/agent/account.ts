/** The user who is signed in on this page: in memory and, for a reload, in this tab's session storage. */

import { Code, ConnectError, createClient, type Transport } from "@connectrpc/connect";
import { AuthService, type Tokens } from "@contracts/admin/v1/auth_service_pb";
import type { User } from "@contracts/admin/v1/user_pb";

import { bearer, Bearers, permissionsOf, type Bearer } from "../api/bearer";
import { failure, isSignedOut, type Failure } from "../api/errors";
import { tab } from "../api/storage";
import { openTransport, signedTransport, unary } from "../api/transport";
import { Store } from "../chat/store";
import { deviceToken, rememberDevice } from "./devices";

export interface AccountState {
  phase: "restoring" | "signedOut" | "signingIn" | "signedIn";
  user: User | undefined;
  /** Of the newest access token. */
  permissions: readonly string[];
  /** The reason for showing the form. */
  failure: Failure | undefined;
  /** Signed in by the form just now, not by a reload. */
  fresh: boolean;
}

const KEY = "frontdesk:agent";

export class Account {
  readonly store = new Store<AccountState>({
    phase: "signedOut",
    user: undefined,
    permissions: [],
    failure: undefined,
    fresh: false,
  });
  readonly #client = createClient(AuthService, openTransport());
  readonly #bearers = new Bearers(() => this.#refresh());

  /** For calls in the user's name. */
  readonly transport: Transport = signedTransport(this.#bearers);

  /** Resumes the session of this tab, if there is one. */
  async restore(): Promise<void> {
    if (tab.get(KEY) === null) return;
    this.store.set({ phase: "restoring" });
    try {
      await this.#bearers.get();
    } catch (error) {
      const why = failure(error);
      this.store.set({ phase: "signedOut", failure: why });
    }
  }

  /** `organization` is the id alone, such as `demo`. */
  async signIn(organization: string, email: string, password: string): Promise<void> {
    this.store.set({ phase: "signingIn", failure: undefined });
    try {
      const name = `organizations/${organization.trim().toLowerCase()}`;
      const signIn = `${name}/${email.trim().toLowerCase()}`;
      const request = { organization: name, email: email.trim(), password, deviceToken: deviceToken(signIn) };
      const response = await this.#client.login(request, unary);
      rememberDevice(signIn, response.deviceToken);
      const { tokens, user } = response;
      this.#bearers.set(this.#keep(tokens));
      this.store.set({ phase: "signedIn", user, fresh: true });
    } catch (error) {
      this.store.set({ phase: "signedOut", failure: failure(error) });
    }
  }

  async signOut(): Promise<void> {
    const refreshToken = tab.get(KEY);
    this.ended(undefined);
    if (refreshToken) await this.#client.logout({ refreshToken }, unary).catch(() => undefined);
  }

  /** The session is over, for the reason given. */
  ended(why: Failure | undefined): void {
    tab.remove(KEY);
    this.#bearers.drop();
    this.store.set({ phase: "signedOut", user: undefined, permissions: [], failure: why, fresh: false });
  }

  async #refresh(): Promise<Bearer> {
    const refreshToken = tab.get(KEY);
    if (refreshToken === null) throw new ConnectError("signed out", Code.Unauthenticated);
    try {
      const { tokens, user } = await this.#client.refreshToken({ refreshToken }, unary);
      const current = this.#keep(tokens);
      this.store.set({ phase: "signedIn", user, failure: undefined });
      return current;
    } catch (error) {
      if (isSignedOut(failure(error))) this.ended(failure(error));
      throw error;
    }
  }

  #keep(tokens: Tokens | undefined): Bearer {
    if (!tokens) throw new ConnectError("no tokens", Code.Internal);
    tab.set(KEY, tokens.refreshToken);
    this.store.set({ permissions: permissionsOf(tokens.accessToken) });
    return bearer(tokens.accessToken);
  }
}
