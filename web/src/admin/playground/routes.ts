import type { AdminRoute } from "../shell/routes";

export const routes: AdminRoute[] = [{ path: "knowledge/playground", title: "Playground", permission: "core.replies.preview", load: () => import("./Playground") }];
