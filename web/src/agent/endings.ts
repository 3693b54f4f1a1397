/** Ends of conversations that can still be undone: each happens a few seconds after the agent asked for it. */

import { Store } from "../chat/store";

export type How = "return" | "resolve";

export interface Ending {
  conversation: string;
  how: How;
}

export const UNDO_MS = 5_000;

export class Endings {
  readonly store = new Store<{ pending: readonly Ending[] }>({ pending: [] });
  readonly #timers = new Map<string, ReturnType<typeof setTimeout>>();

  constructor(
    /** Ends a conversation for good. */
    private readonly finish: (ending: Ending) => Promise<unknown>,
    private readonly undoMs = UNDO_MS,
  ) {}

  /** Ends a conversation when the time to undo is over. Asking again starts that time again. */
  begin(ending: Ending): void {
    this.undo(ending.conversation);
    this.store.set({ pending: [...this.store.get().pending, ending] });
    this.#timers.set(
      ending.conversation,
      setTimeout(() => void this.#run(ending), this.undoMs),
    );
  }

  /** Leaves a conversation as it is. Returns whether it was about to end. */
  undo(conversation: string): boolean {
    clearTimeout(this.#timers.get(conversation));
    this.#remove(conversation);
    return this.#timers.delete(conversation);
  }

  /** Ends all of them now: the page is left. */
  flush(): void {
    for (const ending of this.store.get().pending) {
      clearTimeout(this.#timers.get(ending.conversation));
      void this.#run(ending);
    }
  }

  async #run(ending: Ending): Promise<void> {
    this.#timers.delete(ending.conversation);
    await this.finish(ending);
    this.#remove(ending.conversation);
  }

  #remove(conversation: string): void {
    const { pending } = this.store.get();
    if (!pending.some((ending) => ending.conversation === conversation)) return;
    this.store.set({ pending: pending.filter((ending) => ending.conversation !== conversation) });
  }
}
