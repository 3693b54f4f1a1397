import type { AdminRoute } from "../shell/routes";

export const routes: AdminRoute[] = [
  { path: "team", title: "Team", permission: "admin.users.read", load: () => import("./Team") },
  { path: "team/invitations", title: "Invitations", permission: "admin.invitations.read", load: () => import("./Invitations") },
  { path: "team/roles", title: "Roles", permission: "admin.roles.read", load: () => import("./Roles") },
  { path: "team/roles/:role", title: "Role", permission: "admin.roles.read", load: () => import("./RolePage") },
  { path: "team/keys", title: "API keys", permission: "admin.apiKeys.read", load: () => import("./Keys") },
  { path: "team/users/:user", title: "User", permission: "admin.users.read", load: () => import("./UserPage") },
];
