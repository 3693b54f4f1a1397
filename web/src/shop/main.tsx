import "../ui/theme.css";

import { StrictMode } from "react";
import { createRoot } from "react-dom/client";

import { ShopPage } from "./ShopPage";

type Command = readonly [name: string, ...values: string[]];

/** Calls the chat as any business's page does; until its script has loaded the calls wait. */
function frontdesk(...command: Command): void {
  const page = window as unknown as { Frontdesk?: { push(command: Command): unknown } };
  (page.Frontdesk ??= [] as Command[]).push(command);
}

createRoot(document.getElementById("root")!).render(
  <StrictMode>
    <ShopPage chat={() => frontdesk("open")} ask={(question) => frontdesk("ask", question)} />
  </StrictMode>,
);
