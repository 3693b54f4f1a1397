/** A form of someone who is not signed in: one submission at a time, and why the last one was refused. */

import { useState, type FormEvent } from "react";

import { failure, type Failure } from "../../api/errors";

/** The least characters of a password; the service refuses easy ones too. */
export const MIN_PASSWORD = 10;
export const PASSWORD_HELP = `At least ${MIN_PASSWORD} characters, for example four words in a row.`;

export function useSubmit(work: () => Promise<void>) {
  const [busy, setBusy] = useState(false);
  const [refused, setRefused] = useState<Failure>();
  const run = async () => {
    setBusy(true);
    setRefused(undefined);
    try {
      await work();
    } catch (error) {
      setRefused(failure(error));
    } finally {
      setBusy(false);
    }
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    void run();
  };
  return { submit, busy, refused };
}
