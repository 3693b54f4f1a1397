/** Beside a conversation: its customer, its details, and what the agent may change of both. */

import type { Customer } from "@contracts/core/v1/customer_pb";
import type { Identity } from "@contracts/core/v1/identity_pb";
import { useEffect, useRef, type ReactNode } from "react";

import { may } from "../api/bearer";
import { millis, type View } from "../chat/conversation";
import type { LiveConversation } from "../chat/live";
import { useStore } from "../chat/store";
import { Button, IconButton } from "../ui/Button";
import { Name } from "../ui/Name";
import { day } from "../ui/time";
import type { Edit } from "./edit";
import { EditForm, type Field } from "./EditForm";
import { Deletion, Receipt } from "./Erasure";
import type { Profile } from "./profile";
import { Tags } from "./Tags";
import { kindText, languageText, priorityText, PRIORITIES, verifiedText } from "./words";

const OF_CUSTOMER: readonly Field[] = [
  { name: "displayName", label: "Name", maxLength: 120 },
  {
    name: "language",
    label: "Language",
    maxLength: 35,
    pattern: "[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8}){0,4}",
    hint: "A language tag, such as en, de or pt-BR",
  },
];
const OF_CONVERSATION: readonly Field[] = [
  { name: "subject", label: "Subject", maxLength: 300 },
  { name: "priority", label: "Priority", options: PRIORITIES },
];

interface Props {
  id: string;
  live: LiveConversation;
  profile: Profile;
  permissions: readonly string[];
  /** Opened by the agent just now. */
  takesFocus: boolean;
  close: () => void;
}

export function AboutPanel({ id, live, profile, permissions, takesFocus, close }: Props) {
  const { customer: known, missing, failure, deleted, erasure } = useStore(profile.store);
  const { view, loaded, connection } = useStore(live.store);
  const gone = connection === "lost" && !deleted;
  const customer = gone ? undefined : known; // it may be deleted
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    if (takesFocus) heading.current?.focus();
  }, [takesFocus, deleted]);
  const fetching = !customer && !missing && !deleted && !gone;
  return (
    <aside
      id={id}
      aria-label="About this customer"
      onKeyDown={(event) => {
        if (event.key === "Escape") close();
      }}
      className="flex h-full w-full flex-col gap-6 overflow-y-auto border-s border-line bg-paper p-4 xl:w-80 xl:shrink-0"
    >
      <div className="flex items-center justify-between gap-2">
        <h2 ref={heading} tabIndex={-1} className="font-display text-lg font-semibold">
          {deleted ? "Customer deleted" : "About this customer"}
        </h2>
        <IconButton icon="close" label="Close the panel" onClick={close} />
      </div>
      {failure && <Problem sentence={failure.sentence} />}
      {deleted && <Receipt erasure={erasure} stopped={failure !== undefined} retry={() => void profile.follow()} />}
      {fetching && <Skeleton />}
      {gone && <p className="text-sm text-muted">There's nothing to show: this conversation isn't open to you any more.</p>}
      {missing && !gone && (
        <>
          <Problem sentence={missing.sentence} />
          <Button icon="retry" className="self-start" onClick={() => void profile.load()}>
            Try again
          </Button>
        </>
      )}
      {customer && <OfCustomer customer={customer} profile={profile} mayEdit={may(permissions, "core.customers.update")} />}
      {loaded && !deleted && !gone && <OfConversation view={view} edit={profile.ofConversation} mayEdit={may(permissions, "core.conversations.update")} />}
      {loaded && !deleted && !gone && <Tags tags={view.tags} profile={profile} mayEdit={may(permissions, "core.conversations.update")} />}
      {customer && <Actions customer={customer} profile={profile} permissions={permissions} />}
    </aside>
  );
}

function Problem({ sentence }: { sentence: string }) {
  return (
    <p role="alert" className="rounded-xl bg-danger-soft px-3 py-2 text-sm text-danger">
      {sentence}
    </p>
  );
}

function OfCustomer({ customer, profile, mayEdit }: { customer: Customer; profile: Profile; mayEdit: boolean }) {
  const { displayName, language, identities, blockTime } = customer;
  return (
    <>
      <Details title="Customer" label="name and language" edit={profile.ofCustomer} fields={OF_CUSTOMER} saved={{ displayName, language }} mayEdit={mayEdit}>
        <Detail term="Name">{displayName ? <Name>{displayName}</Name> : "Not known yet"}</Detail>
        <Detail term="Language">{languageText(language) || "Not known yet"}</Detail>
        {blockTime && <Detail term="Blocked">Since {day(millis(blockTime))}</Detail>}
      </Details>
      <section aria-label="Identities" className="flex flex-col gap-2">
        <h3 className="text-sm font-semibold text-muted">Identities</h3>
        {identities.length === 0 ? (
          <p className="text-sm text-muted">Nothing identifies this customer yet.</p>
        ) : (
          <ul className="flex flex-col gap-3">
            {identities.map((identity) => (
              <Known key={`${identity.kind} ${identity.scope} ${identity.value}`} identity={identity} />
            ))}
          </ul>
        )}
      </section>
    </>
  );
}

function Known({ identity }: { identity: Identity }) {
  const verified = identity.verifyTime !== undefined;
  return (
    <li className="text-sm">
      <span className="text-muted">{kindText(identity.kind)}</span>
      <span className="block font-medium break-all">
        <Name>{identity.value}</Name>
      </span>
      <span className={`text-xs ${verified ? "text-on-soft" : "text-on-note"}`}>{verifiedText(identity)}</span>
    </li>
  );
}

function OfConversation({ view, edit, mayEdit }: { view: View; edit: Edit; mayEdit: boolean }) {
  const { subject, priority, language } = view;
  return (
    <Details
      title="Conversation details"
      label="subject and priority"
      edit={edit}
      fields={OF_CONVERSATION}
      saved={{ subject, priority: String(priority) }}
      mayEdit={mayEdit}
    >
      <Detail term="Subject">{subject ? <Name>{subject}</Name> : "None"}</Detail>
      <Detail term="Priority">{priorityText(priority)}</Detail>
      <Detail term="Language">{languageText(language) || "Not known yet"}</Detail>
    </Details>
  );
}

interface DetailsProps {
  title: string;
  label: string;
  edit: Edit;
  fields: readonly Field[];
  saved: Readonly<Record<string, string>>;
  mayEdit: boolean;
  children: ReactNode;
}

function Details({ title, label, edit, fields, saved, mayEdit, children }: DetailsProps) {
  const { open } = useStore(edit.store);
  const button = useRef<HTMLButtonElement>(null);
  const wasOpen = useRef(open);
  useEffect(() => {
    if (wasOpen.current && !open) button.current?.focus();
    wasOpen.current = open;
  }, [open]);
  return (
    <section aria-label={title} className="flex flex-col gap-3">
      <h3 className="text-sm font-semibold text-muted">{title}</h3>
      {open && mayEdit ? (
        <EditForm edit={edit} label={label} fields={fields} saved={saved} />
      ) : (
        <>
          <dl className="flex flex-col gap-2 text-sm">{children}</dl>
          {mayEdit && (
            <Button ref={button} className="self-start" onClick={edit.begin}>
              Edit {label}
            </Button>
          )}
        </>
      )}
    </section>
  );
}

function Detail({ term, children }: { term: string; children: ReactNode }) {
  return (
    <div>
      <dt className="text-muted">{term}</dt>
      <dd className="font-medium break-words">{children}</dd>
    </div>
  );
}

function Actions({ customer, profile, permissions }: { customer: Customer; profile: Profile; permissions: readonly string[] }) {
  const { busy } = useStore(profile.store);
  const block = useRef<HTMLButtonElement>(null);
  const setBlocked = async (wanted: boolean) => {
    await profile.setBlocked(wanted);
    requestAnimationFrame(() => block.current?.focus()); // it lost the focus while it was busy
  };
  const blocked = customer.blockTime !== undefined;
  const mayBlock = may(permissions, "core.customers.block");
  const mayDelete = may(permissions, "core.customers.delete");
  if (!mayBlock && !mayDelete) return null;
  return (
    <section aria-label="Actions" className="flex flex-col items-start gap-2 border-t border-line pt-4">
      {mayBlock && (
        <Button ref={block} look={blocked ? "plain" : "danger"} busy={busy === "block"} onClick={() => void setBlocked(!blocked)}>
          {blocked ? "Unblock customer" : "Block customer"}
        </Button>
      )}
      {mayDelete && <Deletion customer={customer} profile={profile} />}
    </section>
  );
}

function Skeleton() {
  return (
    <div role="status" aria-label="Loading the customer" className="flex animate-pulse flex-col gap-3">
      <div className="h-4 w-24 rounded bg-sunken" />
      <div className="h-10 rounded-2xl bg-sunken" />
      <div className="h-10 rounded-2xl bg-sunken" />
    </div>
  );
}
