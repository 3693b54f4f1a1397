/** Boxes that open above the page and take the focus: dialogs, side panels, and questions before something that can't be undone. */

import { createContext, useCallback, useContext, useState, type ReactNode } from "react";
import { Dialog as AriaDialog, Heading, Modal, ModalOverlay } from "react-aria-components";

import { Button, IconButton } from "./Button";
import { TextField } from "./Field";

interface Props {
  title: string;
  open: boolean;
  onClose: () => void;
  children: ReactNode;
  /** Buttons at the end. */
  footer?: ReactNode;
  wide?: boolean;
  /** It stays until it is answered: Escape and a click beside it do nothing. */
  firm?: boolean;
}

const OVERLAY = "fixed inset-0 z-40 flex bg-black/40 data-[entering]:animate-fade";

/** A box in the middle; on a phone a sheet from below. */
export function Dialog({ title, open, onClose, children, footer, wide = false, firm = false }: Props) {
  return (
    <ModalOverlay isOpen={open} onOpenChange={(isOpen) => !isOpen && onClose()} isDismissable={!firm} isKeyboardDismissDisabled={firm} className={`${OVERLAY} items-end justify-center sm:items-center sm:p-6`}>
      <Modal className={`flex max-h-[92dvh] w-full flex-col rounded-t-2xl border border-line bg-surface shadow-panel sm:rounded-2xl ${wide ? "sm:max-w-3xl" : "sm:max-w-lg"}`}>
        <Inside title={title} onClose={onClose} footer={footer} firm={firm}>
          {children}
        </Inside>
      </Modal>
    </ModalOverlay>
  );
}

/** A panel at the side; on a phone the whole screen. */
export function Drawer({ title, open, onClose, children, footer, wide = false }: Omit<Props, "firm">) {
  return (
    <ModalOverlay isOpen={open} onOpenChange={(isOpen) => !isOpen && onClose()} isDismissable className={`${OVERLAY} justify-end`}>
      <Modal className={`flex h-full w-full flex-col border-s border-line bg-surface shadow-panel ${wide ? "sm:max-w-2xl" : "sm:max-w-md"}`}>
        <Inside title={title} onClose={onClose} footer={footer} firm={false}>
          {children}
        </Inside>
      </Modal>
    </ModalOverlay>
  );
}

function Inside({ title, onClose, children, footer, firm }: Pick<Props, "title" | "onClose" | "children" | "footer"> & { firm: boolean }) {
  return (
    <AriaDialog className="flex min-h-0 flex-1 flex-col outline-none">
      <div className="flex items-center gap-3 border-b border-line px-5 py-3">
        <Heading slot="title" className="min-w-0 flex-1 truncate font-display text-base font-semibold">
          {title}
        </Heading>
        {!firm && <IconButton icon="close" label="Close" onClick={onClose} className="-me-2 size-9!" />}
      </div>
      <div className="min-h-0 flex-1 overflow-y-auto px-5 py-4 text-sm">{children}</div>
      {footer && <div className="flex flex-wrap justify-end gap-2 border-t border-line px-5 py-3">{footer}</div>}
    </AriaDialog>
  );
}

interface Question {
  title: string;
  text: ReactNode;
  /** The verb on the button that does it. */
  yes: string;
  danger?: boolean;
  /** A text to type first, such as the name of what is deleted. */
  typed?: string;
}

type Ask = (question: Question) => Promise<boolean>;

const Asking = createContext<Ask>(() => Promise.resolve(false));

/** `await confirm({ … })`: whether the user wants it. */
export function useConfirm(): Ask {
  return useContext(Asking);
}

/** Draws the questions of `useConfirm`. */
export function ConfirmProvider({ children }: { children: ReactNode }) {
  const [asked, setAsked] = useState<{ question: Question; answer: (yes: boolean) => void }>();
  const [typed, setTyped] = useState("");
  const ask = useCallback<Ask>(
    (question) =>
      new Promise((resolve) => {
        setTyped("");
        setAsked({ question, answer: resolve });
      }),
    [],
  );
  const close = (yes: boolean) => {
    asked?.answer(yes);
    setAsked(undefined);
  };
  const ready = !asked?.question.typed || typed.trim() === asked.question.typed;
  return (
    <Asking.Provider value={ask}>
      {children}
      {asked && (
        <Dialog
          title={asked.question.title}
          open
          onClose={() => close(false)}
          footer={
            <>
              <Button onClick={() => close(false)}>Cancel</Button>
              <Button look={asked.question.danger ? "danger" : "primary"} disabled={!ready} onClick={() => close(true)}>
                {asked.question.yes}
              </Button>
            </>
          }
        >
          <div className="flex flex-col gap-4">
            <div>{asked.question.text}</div>
            {asked.question.typed && <TextField label={`Type ${asked.question.typed} to confirm`} value={typed} onChange={setTyped} autoComplete="off" autoFocus />}
          </div>
        </Dialog>
      )}
    </Asking.Provider>
  );
}
