/** A simulator of `navigator.locks` for tests: locks of one name are given one after the other. */
export class Locks {
  readonly #last = new Map<string, Promise<unknown>>();
  readonly #held = new Set<string>();

  request(name: string, optionsOrWork: unknown, given?: () => Promise<unknown>): Promise<unknown> {
    const work = given ?? (optionsOrWork as () => Promise<unknown>);
    const turn = async () => {
      this.#held.add(name);
      try {
        return await work();
      } finally {
        this.#held.delete(name);
      }
    };
    const done = (this.#last.get(name) ?? Promise.resolve()).then(turn, turn);
    this.#last.set(name, done);
    return done;
  }

  query(): Promise<{ held: { name: string }[] }> {
    return Promise.resolve({ held: [...this.#held].map((name) => ({ name })) });
  }
}
