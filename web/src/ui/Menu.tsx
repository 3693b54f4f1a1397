/** A button that opens a list of actions. */

import type { ReactNode } from "react";
import { Button as AriaButton, Menu as AriaMenu, MenuItem, MenuTrigger, Popover } from "react-aria-components";

import { Icon, type IconName } from "./Icon";
import { CHOICE, POPOVER } from "./look";

export interface Item {
  id: string;
  label: string;
  icon?: IconName;
  danger?: boolean;
  hidden?: boolean;
  disabled?: boolean;
  run?: () => void;
  /** A page to go to, instead of `run`. */
  href?: string;
}

interface Props {
  /** Its purpose, for screen readers and tooltips. */
  label: string;
  items: readonly Item[];
  icon?: IconName;
  /** Drawn instead of the icon. */
  children?: ReactNode;
  className?: string;
}

const BARE = "inline-grid size-11 place-items-center rounded-lg text-muted hover:bg-sunken hover:text-ink sm:size-8";

export function Menu({ label, items, icon = "more", children, className = BARE }: Props) {
  const shown = items.filter((item) => !item.hidden);
  if (shown.length === 0) return null;
  return (
    <MenuTrigger>
      <AriaButton className={className}>
        {children ?? <Icon name={icon} className="size-4" />}
        <span className="sr-only">{label}</span>
      </AriaButton>
      <Popover placement="bottom end" className={`${POPOVER} min-w-44`}>
        <AriaMenu aria-label={label} className="outline-none">
          {shown.map((item) => (
            <MenuItem
              key={item.id}
              id={item.id}
              textValue={item.label}
              isDisabled={item.disabled ?? false}
              className={`${CHOICE} ${item.danger ? "text-danger!" : ""}`}
              {...(item.href !== undefined ? { href: item.href } : { onAction: () => item.run?.() })}
            >
              {item.icon && <Icon name={item.icon} className="size-4" />}
              {item.label}
            </MenuItem>
          ))}
        </AriaMenu>
      </Popover>
    </MenuTrigger>
  );
}
