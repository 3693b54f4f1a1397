/** A form that an agent fills in while others may change the same values. No entry of the agent is lost. */

import { failure, type Failure } from "../api/errors";
import { Store } from "../chat/store";

export type Values = Readonly<Record<string, string>>;

export interface EditState {
  open: boolean;
  /** The fields that the agent has changed, with their new values. */
  typed: Values;
  saving: boolean;
  failure: Failure | undefined;
  /** A colleague saved other values meanwhile. */
  conflict: boolean;
}

const CLOSED: EditState = { open: false, typed: {}, saving: false, failure: undefined, conflict: false };

export class Edit {
  readonly store = new Store<EditState>(CLOSED);
  #etag = "";

  constructor(
    /** The values as they are saved, as far as known. */
    private readonly saved: () => { values: Values; etag: string },
    private readonly write: (changed: Values, etag: string) => Promise<void>,
    /** Fetches what is saved. */
    private readonly reload: () => Promise<void>,
  ) {}

  begin = (): void => {
    this.#etag = this.saved().etag;
    this.store.set({ ...CLOSED, open: true });
  };

  cancel = (): void => this.store.set(CLOSED);

  type(field: string, value: string): void {
    this.store.set({ typed: { ...this.store.get().typed, [field]: value } });
  }

  /** Saves only what the agent has changed. After a conflict the agent sees both values, and saving again replaces theirs. */
  save = async (): Promise<void> => {
    const { typed, saving } = this.store.get();
    if (saving) return;
    const { values } = this.saved();
    const changed = Object.fromEntries(Object.entries(typed).filter(([field, value]) => value.trim() !== values[field]));
    if (Object.keys(changed).length === 0) return this.cancel();
    this.store.set({ saving: true, failure: undefined, conflict: false });
    try {
      await this.write(Object.fromEntries(Object.entries(changed).map(([field, value]) => [field, value.trim()])), this.#etag);
      this.store.set(CLOSED);
    } catch (error) {
      const why = failure(error);
      if (why.reason === "ETAG_MISMATCH") await this.#meet();
      else this.store.set({ saving: false, failure: why });
    }
  };

  async #meet(): Promise<void> {
    try {
      await this.reload();
      this.#etag = this.saved().etag;
      this.store.set({ saving: false, conflict: true });
    } catch (error) {
      this.store.set({ saving: false, failure: failure(error) });
    }
  }
}
