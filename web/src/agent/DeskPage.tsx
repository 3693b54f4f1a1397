/** The desk: the lists on one side, the conversation on the other. */

import { PresenceState } from "@contracts/agent/v1/presence_pb";
import { lazy, Suspense, useCallback, useEffect, useRef, useState, useSyncExternalStore } from "react";

import { may } from "../api/bearer";
import type { Failure } from "../api/errors";
import { useStore } from "../chat/store";
import { Mark } from "../shop/Landscape";
import { Banner } from "../ui/Banner";
import { Button, IconButton } from "../ui/Button";
import { Icon } from "../ui/Icon";
import { Name } from "../ui/Name";
import { useOnline } from "../ui/online";
import type { Account } from "../account/account";
import { AlertsSwitch } from "./AlertsSwitch";
import type { Desk, DeskState } from "./desk";
import { Find } from "./Find";
import { unanswered, waitingCount, waitingText } from "./inbox";
import { Lists } from "./Lists";
import { PresenceSwitch } from "./PresenceSwitch";
import { useShortcuts } from "./shortcuts";
import { TalkView } from "./TalkView";

const ShortcutHelp = lazy(() => import("./ShortcutHelp"));

interface Props {
  account: Account;
  desk: Desk;
  /** Signed in by the form just now: the focus goes to the lists. */
  fresh: boolean;
}

export function DeskPage({ account, desk, fresh }: Props) {
  const state = useStore(desk.store);
  const { permissions, user } = useStore(account.store);
  const [open, setOpen] = useRoute();
  const organization = state.inbox.agent.split("/agents/")[0] ?? "";
  const conversation = open && organization ? `${organization}/conversations/${open}` : "";
  const choose = useCallback((name: string) => setOpen(idOf(name)), [setOpen]);
  const [all, setAll] = useState(false);
  const lists = useRef<HTMLDivElement>(null);
  const [help, setHelp] = useState(false);
  const showHelp = useCallback(() => setHelp(true), []);
  useShortcuts(showHelp);
  useTitle(unanswered(state.inbox) + waitingCount(state.inbox).queue);
  useEffect(() => {
    desk.open = (name) => setOpen(idOf(name));
  }, [desk, setOpen]);

  return (
    <div className="flex h-dvh flex-col">
      <Top account={account} desk={desk} state={state} help={showHelp} />
      {state.refused ? <Refused why={state.refused} retry={() => desk.follow()} /> : <Standing state={state} dismiss={desk.dismiss} />}
      <main className={`min-h-0 flex-1 md:grid-cols-[21rem_1fr] ${state.refused ? "hidden" : "grid"}`}>
        <div ref={lists} className={`min-h-0 overflow-y-auto border-e border-line ${conversation ? "hidden md:block" : ""}`}>
          {state.loaded && state.connection === "live" && state.presence === PresenceState.OFFLINE && <AwayFromWork desk={desk} />}
          <Choice all={all} set={setAll} />
          {all ? (
            <Find desk={desk} box={lists} open={conversation} choose={choose} />
          ) : (
            <Lists state={state} desk={desk} open={conversation} choose={choose} takesFocus={fresh && !conversation} />
          )}
        </div>
        <div className={`min-h-0 min-w-0 bg-surface ${conversation ? "" : "hidden md:block"}`}>
          {conversation ? (
            <TalkView
              key={conversation}
              desk={desk}
              state={state}
              permissions={permissions}
              user={user?.displayName ?? ""}
              name={conversation}
              choose={choose}
              close={() => setOpen("")}
            />
          ) : (
            <Nothing state={state} />
          )}
        </div>
      </main>
      <Undo desk={desk} open={(name) => setOpen(idOf(name))} />
      {help && (
        <Suspense>
          <ShortcutHelp onClose={() => setHelp(false)} />
        </Suspense>
      )}
    </div>
  );
}

/** Offline is quiet: nothing else on the screen says that no one comes. */
function AwayFromWork({ desk }: { desk: Desk }) {
  return (
    <Banner
      look="quiet"
      icon="person"
      action={
        <button type="button" className="min-h-6 shrink-0 font-semibold underline" onClick={() => void desk.choose(PresenceState.ONLINE)}>
          Go online
        </button>
      }
    >
      You're offline: no one is sent to you.
    </Banner>
  );
}

/** Which list is shown. */
function Choice({ all, set }: { all: boolean; set: (all: boolean) => void }) {
  return (
    <div role="group" aria-label="List" className="flex gap-1 p-3 pb-0">
      {[false, true].map((each) => (
        <button
          key={String(each)}
          type="button"
          aria-pressed={all === each}
          aria-keyshortcuts={each ? "/" : "i"}
          onClick={() => set(each)}
          className={`min-h-9 flex-1 rounded-full px-3 text-sm font-semibold transition-colors ${all === each ? "bg-soft text-on-soft" : "text-muted hover:bg-sunken hover:text-ink"}`}
        >
          {each ? "All conversations" : "Inbox"}
        </button>
      ))}
    </div>
  );
}

/** For a few seconds after a conversation was ended: the way back. */
function Undo({ desk, open }: { desk: Desk; open: (conversation: string) => void }) {
  const { pending } = useStore(desk.endings.store);
  const last = pending.at(-1);
  return (
    <div role="status" className="pointer-events-none fixed inset-x-0 bottom-6 z-30 grid justify-items-center px-4">
      {last && (
        <p className="pointer-events-auto flex animate-rise items-center gap-3 rounded-full bg-ink py-2 ps-5 pe-2 text-sm font-medium text-paper shadow-panel">
          {last.how === "resolve" ? "Resolved" : "Returned to the assistant"}
          <button
            type="button"
            aria-keyshortcuts="z"
            className="min-h-9 rounded-full px-3 font-semibold underline"
            onClick={() => {
              if (desk.endings.undo(last.conversation)) open(last.conversation);
            }}
          >
            Undo
          </button>
        </p>
      )}
    </div>
  );
}

function Top({ account, desk, state, help }: { account: Account; desk: Desk; state: DeskState; help: () => void }) {
  const { user, permissions } = useStore(account.store);
  return (
    <header className="flex items-center gap-3 border-b border-line bg-surface px-4 py-2.5">
      <Mark className="size-8" />
      <h1 className="font-display text-lg font-semibold tracking-tight max-sm:sr-only">Frontdesk</h1>
      <div className="ms-auto flex items-center gap-2 sm:gap-4">
        <AlertsSwitch alerts={desk.alerts} />
        <PresenceSwitch presence={state.presence} choose={(presence) => void desk.choose(presence)} />
        <IconButton icon="help" label="Keyboard shortcuts" aria-keyshortcuts="?" onClick={help} className="max-md:hidden" />
        <p className="hidden max-w-48 truncate text-sm font-medium sm:block">
          <Name>{user?.displayName ?? ""}</Name>
        </p>
        {may(permissions, "admin.settings.read") && (
          <a href="/admin/" title="Admin" aria-label="Admin" className="inline-grid size-10 place-items-center rounded-full text-muted transition-colors hover:bg-sunken hover:text-ink">
            <Icon name="gear" />
          </a>
        )}
        <IconButton icon="leave" label="Sign out" onClick={() => void desk.choose(PresenceState.OFFLINE).then(() => account.signOut())} />
      </div>
    </header>
  );
}

function Standing({ state, dismiss }: { state: DeskState; dismiss: () => void }) {
  const online = useOnline();
  const ok = (
    <button type="button" className="min-h-6 font-semibold underline" onClick={dismiss}>
      OK
    </button>
  );
  if (!online) return <Banner look="warn" icon="offline">You're offline. We'll send what you write when you're back.</Banner>;
  if (state.connection === "retrying") return <Banner look="warn" icon="retry">Connection lost. We'll keep trying, and send what you write when it's back.</Banner>;
  if (state.failure) return <Banner look="bad" icon="alert" action={ok}>{state.failure.sentence}</Banner>;
  if (state.notice) return <Banner icon="person" action={ok}>{state.notice}</Banner>;
  return null;
}

function Nothing({ state }: { state: DeskState }) {
  if (!state.loaded || state.connection !== "live") return null; // claims nothing that isn't known yet
  const { queue, own } = waitingCount(state.inbox);
  return (
    <div className="grid h-full place-content-center justify-items-center gap-3 p-10 text-center">
      <span className="grid size-14 place-items-center rounded-full bg-soft text-on-soft">
        <Icon name={queue + own > 0 ? "inbox" : "check"} className="size-7" />
      </span>
      <p className="font-display text-xl font-semibold">{waitingText(state.inbox, "all")}</p>
      <p className="max-w-[38ch] text-muted">
        {hint(queue, own)}
      </p>
    </div>
  );
}

function hint(queue: number, own: number): string {
  if (queue > 0) return "Open a conversation on the left to read it, or accept it right away.";
  if (own > 0) return "Open one of your conversations on the left to answer it.";
  return "New conversations appear on the left, the longest wait first.";
}

/** The inbox is not for this user. */
function Refused({ why, retry }: { why: Failure; retry: () => void }) {
  return (
    <div role="alert" className="grid flex-1 place-content-center justify-items-center gap-4 p-10 text-center">
      <span className="grid size-14 place-items-center rounded-full bg-danger-soft text-danger">
        <Icon name="alert" className="size-7" />
      </span>
      <p className="max-w-[44ch]">{why.sentence}</p>
      <Button icon="retry" onClick={retry}>
        Try again
      </Button>
    </div>
  );
}

/** The conversation that the address bar names: `#/{conversation}`. */
function useRoute(): [string, (id: string) => void] {
  const id = useSyncExternalStore(
    (changed) => {
      window.addEventListener("hashchange", changed);
      return () => window.removeEventListener("hashchange", changed);
    },
    () => /^#\/([a-z0-9-]+)$/.exec(window.location.hash)?.[1] ?? "",
  );
  const go = useCallback((next: string) => {
    window.location.hash = next === "" ? "" : `/${next}`;
  }, []);
  return [id, go];
}

function useTitle(count: number): void {
  useEffect(() => {
    document.title = count > 0 ? `(${count}) Frontdesk for agents` : "Frontdesk for agents";
  }, [count]);
}

function idOf(name: string): string {
  return name.slice(name.lastIndexOf("/") + 1);
}
