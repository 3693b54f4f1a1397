import type { AdminRoute } from "../shell/routes";

export const routes: AdminRoute[] = [
  { path: "conversations", title: "Conversations", permission: "core.conversations.list", load: () => import("./Conversations") },
  { path: "conversations/:conversation", title: "Conversation", permission: "core.conversations.read", load: () => import("./Conversation") },
];
