import "../i18n/english";
import "../ui/theme.css";

import { StrictMode } from "react";
import { createRoot } from "react-dom/client";

import { Account } from "../account/account";
import { App } from "./App";

const root = document.getElementById("root")!;
const account = new Account();
void account.restore();
createRoot(root).render(
  <StrictMode>
    <App account={account} organization={root.dataset.organization ?? ""} />
  </StrictMode>,
);
