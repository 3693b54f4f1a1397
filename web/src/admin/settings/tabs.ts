import { useMay } from "../data/session";

/** The pages of the settings that the user may see. */
export function useSettingTabs() {
  const typed = useMay("admin.settings.read");
  return [
    { to: "/settings", label: "Organization" },
    ...(typed
      ? [
          { to: "/settings/business-hours", label: "Business hours" },
          { to: "/settings/limits", label: "Limits" },
          { to: "/settings/budget", label: "Budget" },
          { to: "/settings/retention", label: "Retention" },
          { to: "/settings/sign-in", label: "Sign-in" },
          { to: "/settings/mail", label: "Mail" },
        ]
      : []),
  ];
}
