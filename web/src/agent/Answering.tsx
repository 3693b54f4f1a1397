/** Below a conversation: where the agent writes to the customer, or a note to other agents. */

import type { CannedReply } from "@contracts/agent/v1/canned_reply_pb";
import { useEffect, useRef, useState, type KeyboardEvent } from "react";

import { tab } from "../api/storage";
import { Composer } from "../chat/Composer";
import { closedWindow } from "../chat/conversation";
import type { DraftFile } from "../chat/files";
import { useStore } from "../chat/store";
import { Banner } from "../ui/Banner";
import { stepOf } from "../ui/keys";
import { useNow } from "../ui/time";
import { filled, matching, placeOf, wantedOf, type Filling } from "./canned";
import { CannedPicker } from "./CannedPicker";
import { channelProblem } from "./channels";
import type { Desk } from "./desk";
import type { Talk } from "./talk";

const LIMIT = 16_000;

/** Where this tab keeps an unfinished text. */
function textKey(mode: "reply" | "note", talk: Talk): string {
  return `frontdesk:${mode}:${talk.name}`;
}

/** A reply is begun, or files wait to go with it. */
export function isUnsent(talk: Talk): boolean {
  return (tab.get(textKey("reply", talk)) ?? "").trim() !== "" || talk.files.store.get().files.length > 0;
}

interface AnsweringProps {
  desk: Desk;
  talk: Talk;
  /** This agent has the conversation. */
  mine: boolean;
  /** The agent's display name. */
  agent: string;
  /** Something was sent. */
  onSaid: () => void;
}

export function Answering({ desk, talk, mine, agent, onSaid }: AnsweringProps) {
  const { byName, loaded } = useStore(desk.channels.store);
  const { replies } = useStore(desk.canned.store);
  const { customer } = useStore(talk.profile.store);
  const [wanted, setWanted] = useState<"reply" | "note">("reply");
  const field = useRef<HTMLTextAreaElement>(null);
  const mode = mine ? wanted : "note"; // other agents can leave notes
  const { view } = useStore(talk.live.store);
  const now = useNow(15_000);
  const closed = mode === "reply" ? closedWindow(view, now) : "";
  const noFiles = mode === "reply" && view.capabilities?.files === false ? "This customer's channel carries no files" : "";
  useEffect(() => {
    if (mine) field.current?.focus({ preventScroll: true });
  }, [mine]);
  const filling: Filling = { customer: customer?.displayName ?? "", agent };
  const [picked, setPicked] = useState({ talk: talk.name, reply: "" });
  const chosen = picked.talk === talk.name ? picked.reply : ""; // the name of the canned reply that Enter takes; empty: the first
  const choose = (reply: string) => setPicked({ talk: talk.name, reply });
  const chooseByArrow = (event: KeyboardEvent) => {
    const step = stepOf(event.nativeEvent);
    if (!step || mode !== "reply" || !(event.target instanceof HTMLTextAreaElement)) return;
    const wanted = wantedOf(event.target.value);
    const found = wanted === undefined ? [] : matching(replies, wanted);
    if (found.length === 0) return;
    event.preventDefault();
    choose(found[(placeOf(found, chosen) + step + found.length) % found.length]!.name);
  };
  const noted = useRef(false);
  useEffect(() => {
    if (noted.current) field.current?.focus({ preventScroll: true });
    noted.current = false;
  }, [mode]);
  const say = (text: string, files: readonly DraftFile[]) => {
    talk.say(text, mode === "note", files);
    onSaid();
    noted.current = mine && mode === "note";
    if (noted.current) setWanted("reply"); // the next words are for the customer again
  };
  const problem =
    mode === "note" ? "" : channelProblem(byName.get(view.channel), loaded, view.channel) || (customer?.blockTime ? "You've blocked this customer: they can read your answer, and can't write back." : "");
  return (
    <div data-answering className="mx-auto w-full max-w-3xl pt-2" onKeyDownCapture={chooseByArrow} onInput={() => choose("")}>
      {problem && (
        <Banner look="warn" icon="alert">
          {problem}
        </Banner>
      )}
      <div role="group" aria-label="Kind of message" className="flex gap-1 px-4 pb-2">
        {mine && <Mode name="reply" mode={mode} label="Reply to the customer" set={setWanted} />}
        <Mode name="note" mode={mode} label="Note, for agents only" set={setWanted} />
      </div>
      <Composer
        key={mode}
        field={field}
        label={mode === "note" ? "Note" : "Reply"}
        placeholder={mode === "note" ? "Only agents see this…" : "Write to the customer, or / for a canned reply…"}
        limit={LIMIT}
        keep={textKey(mode, talk)}
        note={mode === "note"}
        files={mode === "note" ? talk.noteFiles : talk.files}
        disabled={closed !== ""}
        noFiles={noFiles}
        expand={(text) => (mode === "reply" ? chosenCanned(replies, text, chosen, filling) : undefined)}
        above={(text, replace) => mode === "reply" && <CannedPicker canned={desk.canned} text={text} chosen={chosen} filling={filling} replace={replace} />}
        onSend={say}
      >
        {closed && <span role="status">{closed}</span>}
        <span className={closed ? "hidden" : "hidden sm:inline"}>Press Enter to send, Shift + Enter for a new line</span>
      </Composer>
    </div>
  );
}

/** The text of the canned reply that a text asks for, or the text itself if there is none; undefined when it asks for none. */
function chosenCanned(replies: readonly CannedReply[], text: string, chosen: string, filling: Filling): string | undefined {
  const wanted = wantedOf(text);
  if (wanted === undefined) return undefined;
  const found = matching(replies, wanted);
  const reply = found[placeOf(found, chosen)];
  return reply ? filled(reply.text, filling) : text;
}

interface ModeProps {
  name: "reply" | "note";
  mode: "reply" | "note";
  label: string;
  set: (mode: "reply" | "note") => void;
}

function Mode({ name, mode, label, set }: ModeProps) {
  const on = name === mode;
  return (
    <button
      type="button"
      aria-pressed={on}
      aria-keyshortcuts={name === "note" ? "n" : "r"}
      onClick={() => set(name)}
      className={`min-h-7 rounded-full px-3 text-xs font-semibold transition-colors ${
        on ? (name === "note" ? "bg-note text-on-note" : "bg-soft text-on-soft") : "text-muted hover:bg-sunken hover:text-ink"
      }`}
    >
      {label}
    </button>
  );
}
