/** Alerts an agent who looks elsewhere to a waiting customer: a sound, and a notification of the desktop. */

import { PresenceState } from "@contracts/agent/v1/presence_pb";

import { local } from "../api/storage";
import { Store } from "../chat/store";
import { customerName } from "../ui/customer";
import { isolated } from "../ui/Name";
import type { Inbox } from "./inbox";

export interface AlertState {
  sound: boolean;
  desktop: boolean;
  /** The browser's answer: `unsupported` where there are no notifications. */
  permission: NotificationPermission | "unsupported";
}

/** Something that an agent should notice. */
export interface News {
  conversation: string;
  text: string;
}

const KEY = "frontdesk:agent:alerts";

/** The customers who came into the queue between two states of the inbox, and those who wrote in the agent's conversations. */
export function newsBetween(before: Inbox, after: Inbox): News[] {
  const known = new Set(before.entries.map(({ handover }) => handover));
  const waiting = after.entries.filter(({ handover, declined }) => !known.has(handover) && !declined);
  const counts = new Map(before.assignments.map(({ conversation, unansweredCount }) => [conversation, unansweredCount]));
  const written = after.assignments.filter(
    ({ conversation, unansweredCount }) => counts.has(conversation) && unansweredCount > (counts.get(conversation) ?? 0),
  );
  return [
    ...waiting.map((entry) => ({ conversation: entry.conversation, text: `${named(entry)} is waiting for an agent` })),
    ...written.map((entry) => ({ conversation: entry.conversation, text: `${named(entry)} wrote to you` })),
  ];
}

function named({ customerDisplayName, customer }: Inbox["entries"][number] | Inbox["assignments"][number]): string {
  return isolated(customerName(customerDisplayName, customer));
}

export class Alerts {
  readonly store: Store<AlertState>;
  #audio: AudioContext | undefined;

  constructor(
    /** Shows a conversation. */
    private readonly open: (conversation: string) => void,
  ) {
    const kept = local.json<{ sound: boolean; desktop: boolean }>(KEY) ?? { sound: true, desktop: false };
    this.store = new Store<AlertState>({ ...kept, permission: permission() });
  }

  /** Alerts the agent, unless they take no conversations now or look at the page already. */
  alert(news: readonly News[], presence: PresenceState): void {
    if (news.length === 0 || presence !== PresenceState.ONLINE) return;
    const { sound, desktop, permission: allowed } = this.store.get();
    if (sound) this.#ring();
    if (desktop && allowed === "granted" && !document.hasFocus()) for (const each of news) this.#show(each);
  }

  setSound(sound: boolean): void {
    this.#keep({ sound });
    if (sound) this.#ring();
  }

  /** Turns notifications on or off; asks the browser for permission at the first time. */
  async setDesktop(desktop: boolean): Promise<void> {
    if (desktop && permission() === "default") await Notification.requestPermission();
    this.#keep({ desktop: desktop && permission() === "granted" });
  }

  #keep(change: Partial<AlertState>): void {
    this.store.set({ ...change, permission: permission() });
    const { sound, desktop } = this.store.get();
    local.set(KEY, JSON.stringify({ sound, desktop }));
  }

  #show({ conversation, text }: News): void {
    const shown = new Notification("Frontdesk", { body: text, tag: conversation });
    shown.onclick = () => {
      window.focus();
      this.open(conversation);
      shown.close();
    };
  }

  /** Two short tones. A browser that doesn't allow sound before a click stays silent. */
  #ring(): void {
    try {
      this.#audio ??= new AudioContext();
      const { currentTime: now, destination } = this.#audio;
      for (const [start, pitch] of [[0, 660], [0.14, 880]] as const) {
        const tone = new OscillatorNode(this.#audio, { frequency: pitch });
        const volume = new GainNode(this.#audio, { gain: 0 });
        volume.gain.setValueAtTime(0.12, now + start);
        volume.gain.exponentialRampToValueAtTime(0.001, now + start + 0.25);
        tone.connect(volume).connect(destination);
        tone.start(now + start);
        tone.stop(now + start + 0.25);
      }
    } catch {
      // A browser without Web Audio.
    }
  }
}

function permission(): AlertState["permission"] {
  return typeof Notification === "undefined" ? "unsupported" : Notification.permission;
}
