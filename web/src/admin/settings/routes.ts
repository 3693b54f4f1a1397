import type { AdminRoute } from "../shell/routes";

export const routes: AdminRoute[] = [
  { path: "settings", title: "Organization", permission: "admin.organizations.read", load: () => import("./Organization") },
  { path: "settings/business-hours", title: "Business hours", permission: "admin.settings.read", load: () => import("./BusinessHours") },
  { path: "settings/limits", title: "Limits", permission: "admin.settings.read", load: () => import("./Limits") },
  { path: "settings/budget", title: "Budget", permission: "admin.settings.read", load: () => import("./Budget") },
  { path: "settings/retention", title: "Retention", permission: "admin.settings.read", load: () => import("./Retention") },
  { path: "settings/sign-in", title: "Sign-in", permission: "admin.settings.read", load: () => import("./SignInRules") },
  { path: "settings/mail", title: "Mail", permission: "admin.settings.read", load: () => import("./Mail") },
];
