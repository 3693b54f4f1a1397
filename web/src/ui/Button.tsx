import type { ComponentProps } from "react";

import { Icon, type IconName } from "./Icon";
import { Spinner } from "./Spinner";

const LOOKS = {
  primary: "bg-accent text-on-accent hover:bg-accent-strong",
  plain: "border border-line bg-surface text-ink hover:border-edge",
  quiet: "text-muted hover:bg-sunken hover:text-ink",
  danger: "border border-line bg-surface text-danger hover:border-danger",
} as const;

interface Props extends ComponentProps<"button"> {
  look?: keyof typeof LOOKS;
  icon?: IconName | undefined;
  /** Work is under way: the button waits. */
  busy?: boolean;
}

/** A button with words. */
export function Button({ look = "plain", icon, busy = false, className = "", children, disabled, ...rest }: Props) {
  return (
    <button
      type="button"
      disabled={disabled || busy}
      className={`inline-flex min-h-9 items-center justify-center gap-2 rounded-full px-4 py-1.5 text-sm font-semibold transition-colors disabled:opacity-55 ${LOOKS[look]} ${className}`}
      {...rest}
    >
      {busy ? <Spinner /> : icon && <Icon name={icon} className="size-4" />}
      {children}
    </button>
  );
}

interface IconButtonProps extends ComponentProps<"button"> {
  icon: IconName;
  /** Its action, for tooltips and screen readers. */
  label: string;
}

/** A button without words. */
export function IconButton({ icon, label, className = "", ...rest }: IconButtonProps) {
  return (
    <button
      type="button"
      aria-label={label}
      title={label}
      className={`inline-grid size-10 place-items-center rounded-full text-muted transition-colors hover:bg-sunken hover:text-ink disabled:opacity-55 ${className}`}
      {...rest}
    >
      <Icon name={icon} />
    </button>
  );
}
