import type { AdminRoute } from "../shell/routes";

export const routes: AdminRoute[] = [
  { path: "assistant", title: "Assistant", permission: "admin.settings.read", load: () => import("./Behaviour") },
  { path: "assistant/models", title: "Models", permission: "admin.settings.read", load: () => import("./Models") },
];
