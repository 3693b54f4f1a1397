import type { AdminRoute } from "../shell/routes";

export const routes: AdminRoute[] = [
  { path: "channels", title: "Channels", permission: "channel.channels.read", load: () => import("./Channels") },
  { path: "channels/:channel", title: "Channel", permission: "channel.channels.read", load: () => import("./ChannelPage") },
];
