/** How far a message has come, as the screen shows it below the message. */

import { createContext } from "react";

export interface DeliveryShown {
  text: string;
  /** The provider's reason of a failure. */
  problem: string;
  /** Sends it again; undefined when that makes no sense. */
  retry: (() => void) | undefined;
}

/** Finds the state of a message by its name. A web chat has none. */
export const DeliveryOf = createContext<(message: string) => DeliveryShown | undefined>(() => undefined);
