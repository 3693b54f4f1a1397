import "../i18n/english";
import "../ui/theme.css";

import { StrictMode } from "react";
import { createRoot } from "react-dom/client";

import { Account } from "../account/account";
import { App } from "./App";
import { reloadForLinks, takeLink } from "./setup/link";

const account = new Account();
reloadForLinks(window);
const link = takeLink(window);
if (!link) void account.restore();
createRoot(document.getElementById("root")!).render(
  <StrictMode>
    <App account={account} link={link} />
  </StrictMode>,
);
