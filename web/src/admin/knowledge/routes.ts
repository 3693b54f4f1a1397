import type { AdminRoute } from "../shell/routes";

export const routes: AdminRoute[] = [
  { path: "knowledge/documents", title: "Documents", permission: "memory.documents.read", load: () => import("./Documents") },
  { path: "knowledge/documents/:document", title: "Document", permission: "memory.documents.read", load: () => import("./DocumentPage") },
  { path: "knowledge/sites", title: "Sites", permission: "memory.sites.read", load: () => import("./Sites") },
  { path: "knowledge/sites/:site", title: "Site", permission: "memory.sites.read", load: () => import("./SitePage") },
];
