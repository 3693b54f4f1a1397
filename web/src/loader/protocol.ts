/** Messages between the loader on a business's page and the chat in its frame. Both check origin and source of each message. */

/** Of the messages below. A message of another version is ignored: page and chat may be of different builds for a while. */
export const VERSION = 1;

/** How the launcher looks, in the language of the chat. */
export interface Look {
  /** Colours as CSS writes them. */
  accent: string;
  onAccent: string;
  surface: string;
  /** Where lines of the page start, or end. */
  side: "start" | "end";
  /** The names of the launcher and of the frame for screen readers. */
  labels: { open: string; close: string; frame: string };
}

/** From the chat to the page. */
export type FromChat =
  /** It runs and waits for `hello`. `open`: this tab had it open before a reload. */
  | { type: "ready"; open: boolean }
  | { type: "look"; look: Look }
  /** `label` names the launcher while there are unread messages. */
  | { type: "unread"; count: number; label: string }
  /** The customer closes it. */
  | { type: "close" }
  /** It can't be used; `why` is a sentence for the page's developer. */
  | { type: "failed"; why: string };

/** From the page to the chat. */
export type FromPage =
  /** The answer to `ready`. An empty identity: no one is signed in to the page. */
  | { type: "hello"; identity: string }
  | { type: "identity"; identity: string }
  /** `full`: the chat covers the page. `focus`: the keyboard focus moves into it. */
  | { type: "shown"; shown: boolean; full: boolean; focus: boolean }
  /** Sends a question in the customer's name. */
  | { type: "ask"; text: string };

/** A message as it travels. */
export function packed<M extends FromChat | FromPage>(message: M): M & { frontdesk: number } {
  return { ...message, frontdesk: VERSION };
}

/** The message in the data of an event; undefined for any other data. */
export function unpacked<M extends FromChat | FromPage>(data: unknown): M | undefined {
  if (typeof data !== "object" || data === null) return undefined;
  const { frontdesk, type } = data as { frontdesk?: unknown; type?: unknown };
  return frontdesk === VERSION && typeof type === "string" ? (data as M) : undefined;
}
