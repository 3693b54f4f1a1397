/** The items of the navigation, and which of them a user sees. */

import { may } from "../../api/bearer";
import type { IconName } from "../../ui/Icon";
import type { AdminRoute } from "./routes";

export interface NavigationItem {
  /** The path of its route. */
  path: string;
  label: string;
  icon: IconName;
  /** A heading over this and the items that follow in the same group. */
  group?: string;
}

const ITEMS: readonly NavigationItem[] = [
  { path: "start", label: "Get started", icon: "home" },
  { path: "overview", label: "Overview", icon: "chart" },
  { path: "conversations", label: "Conversations", icon: "chat" },
  { path: "knowledge/documents", label: "Documents", icon: "book", group: "Knowledge" },
  { path: "knowledge/sites", label: "Sites", icon: "globe", group: "Knowledge" },
  { path: "knowledge/playground", label: "Playground", icon: "flask", group: "Knowledge" },
  { path: "knowledge/unanswered", label: "Unanswered", icon: "help", group: "Knowledge" },
  { path: "assistant", label: "Assistant", icon: "assistant", group: "Manage" },
  { path: "channels", label: "Channels", icon: "plug", group: "Manage" },
  { path: "team", label: "Team", icon: "team", group: "Manage" },
  { path: "settings", label: "Settings", icon: "gear", group: "Manage" },
];

/** Those that exist and that these permissions allow, in their order. */
export function itemsFor(routes: readonly AdminRoute[], permissions: readonly string[]): readonly NavigationItem[] {
  return ITEMS.filter(({ path }) => {
    const route = routes.find((each) => each.path === path);
    return route !== undefined && (route.permission === undefined || may(permissions, route.permission));
  });
}
