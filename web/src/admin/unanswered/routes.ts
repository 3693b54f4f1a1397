import type { AdminRoute } from "../shell/routes";

export const routes: AdminRoute[] = [{ path: "knowledge/unanswered", title: "Unanswered", permission: "core.evaluations.read", load: () => import("./Unanswered") }];
