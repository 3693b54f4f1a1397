import type { ReactNode } from "react";
import { Switch as AriaSwitch } from "react-aria-components";

import { HELP } from "./look";

interface Props {
  label: ReactNode;
  value: boolean;
  onChange: (value: boolean) => void;
  help?: ReactNode;
  disabled?: boolean;
}

/** Something that is on or off. */
export function Switch({ label, value, onChange, help, disabled = false }: Props) {
  return (
    <AriaSwitch isSelected={value} onChange={onChange} isDisabled={disabled} className="group flex cursor-pointer items-start gap-3 py-1 text-sm data-[disabled]:cursor-default data-[disabled]:opacity-55">
      <span
        aria-hidden="true"
        className="mt-px flex h-5 w-9 shrink-0 items-center rounded-full border border-edge bg-sunken p-0.5 transition-colors group-data-[focus-visible]:outline-2 group-data-[focus-visible]:outline-offset-2 group-data-[focus-visible]:outline-accent group-data-[selected]:border-accent group-data-[selected]:bg-accent"
      >
        <span className="size-3.5 rounded-full bg-edge transition-transform group-data-[selected]:translate-x-4 group-data-[selected]:bg-on-accent rtl:group-data-[selected]:-translate-x-4" />
      </span>
      <span className="min-w-0">
        <span className="font-medium">{label}</span>
        {help && <span className={`block ${HELP}`}>{help}</span>}
      </span>
    </AriaSwitch>
  );
}
