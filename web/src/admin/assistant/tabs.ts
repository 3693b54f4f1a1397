export const TABS = [
  { to: "/assistant", label: "Behaviour" },
  { to: "/assistant/models", label: "Models and keys" },
  { to: "/settings/budget", label: "Budget" },
] as const;
