import type { ReactNode } from "react";

import { Icon, type IconName } from "./Icon";

const LOOKS = {
  quiet: "bg-sunken text-ink",
  info: "bg-soft text-on-soft",
  warn: "bg-note text-on-note",
  bad: "bg-danger-soft text-danger",
} as const;

interface Props {
  look?: keyof typeof LOOKS;
  icon: IconName;
  children: ReactNode;
  action?: ReactNode;
}

/** A line that reports a state. */
export function Banner({ look = "info", icon, children, action }: Props) {
  return (
    <div role={look === "bad" ? "alert" : "status"} className={`flex animate-rise items-center gap-2.5 px-4 py-2 text-[0.83rem] font-medium ${LOOKS[look]}`}>
      <Icon name={icon} className="size-4.5" />
      <div className="flex-1">{children}</div>
      {action}
    </div>
  );
}
