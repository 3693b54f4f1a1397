/** Deleting a customer: the confirmation, and the receipt. */

import type { CustomerErasure } from "@contracts/core/v1/customer_erasure_pb";
import type { Customer } from "@contracts/core/v1/customer_pb";
import { useRef } from "react";

import { useStore } from "../chat/store";
import { Button } from "../ui/Button";
import { Icon } from "../ui/Icon";
import { isolated } from "../ui/Name";
import { Spinner } from "../ui/Spinner";
import type { Profile } from "./profile";
import { counted, storeText } from "./words";

export function Deletion({ customer, profile }: { customer: Customer; profile: Profile }) {
  const { busy } = useStore(profile.store);
  const dialog = useRef<HTMLDialogElement>(null);
  const close = () => dialog.current?.close();
  const erase = () => {
    close();
    void profile.erase();
  };
  return (
    <>
      <Button look="danger" busy={busy === "delete"} onClick={() => dialog.current?.showModal()}>
        Delete customer…
      </Button>
      <dialog
        ref={dialog}
        aria-labelledby="delete-customer"
        onKeyDown={(event) => event.stopPropagation()}
        className="m-auto max-w-md rounded-3xl border border-line bg-surface p-6 text-ink shadow-panel backdrop:bg-black/40"
      >
        <h2 id="delete-customer" className="font-display text-xl font-semibold">
          Delete {customer.displayName ? isolated(customer.displayName) : "this customer"}?
        </h2>
        <p className="mt-3 text-sm">You'll erase, on every channel:</p>
        <Erased />
        <p className="mt-3 text-sm">You can't undo this. If they write again, they're a new customer.</p>
        <div className="mt-5 flex flex-wrap gap-2">
          <Button autoFocus onClick={close}>
            Keep customer
          </Button>
          <Button look="danger" onClick={erase}>
            Delete for good
          </Button>
        </div>
      </dialog>
    </>
  );
}

function Erased() {
  return (
    <ul className="mt-2 list-disc ps-5 text-sm">
      <li>their name, language and identities, and those of records that were merged into theirs</li>
      <li>all their conversations, with every message, note and file</li>
      <li>deliveries and chat sessions: an open chat of theirs ends</li>
      <li>what the assistant remembers about them</li>
    </ul>
  );
}

interface ReceiptProps {
  erasure: CustomerErasure | undefined;
  /** It isn't fetched any more. */
  stopped: boolean;
  retry: () => void;
}

export function Receipt({ erasure, stopped, retry }: ReceiptProps) {
  const done = erasure?.finishTime !== undefined;
  return (
    <section aria-label="Receipt" className="flex flex-col gap-3 text-sm">
      <p role="status">{done ? "Everything is erased." : "This customer is gone from the desk. We're erasing what's left elsewhere."}</p>
      {erasure && (
        <>
          <p>
            Erased: {counted(erasure.customerCount, "customer record", "customer records")},{" "}
            {counted(erasure.conversationCount, "conversation", "conversations")},{" "}
            {counted(erasure.messageCount, "message", "messages")}.
          </p>
          <ul className="flex flex-col gap-2">
            {erasure.confirmations.map(({ store, finishTime }) => (
              <li key={store} className="flex items-center gap-2">
                {finishTime ? <Icon name="check" className="size-4 text-on-soft" /> : <Spinner />}
                {storeText(store)}: {finishTime ? "erased" : "not yet"}
              </li>
            ))}
          </ul>
          <p className="text-xs break-all text-muted">Receipt: {erasure.name.split("/").at(-1)}</p>
        </>
      )}
      {stopped && (
        <Button icon="retry" className="self-start" onClick={retry}>
          Show the receipt
        </Button>
      )}
    </section>
  );
}
