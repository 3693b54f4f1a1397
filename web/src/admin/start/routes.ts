import type { AdminRoute } from "../shell/routes";

export const routes: AdminRoute[] = [{ path: "start", title: "Get started", permission: "channel.channels.update", load: () => import("./Start") }];
