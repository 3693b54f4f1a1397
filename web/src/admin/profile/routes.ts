import type { AdminRoute } from "../shell/routes";

export const routes: AdminRoute[] = [{ path: "profile", title: "Your profile", permission: "admin.profile.read", load: () => import("./Profile") }];
