import type { AdminRoute } from "../shell/routes";

export const routes: AdminRoute[] = [{ path: "overview", title: "Overview", permission: "admin.reports.read", load: () => import("./Overview") }];
