/** One of several choices. */

import {
  Button as AriaButton,
  ComboBox as AriaComboBox,
  Input,
  Label,
  ListBox,
  ListBoxItem,
  Popover,
  Radio,
  RadioGroup,
  Select as AriaSelect,
  SelectValue,
} from "react-aria-components";

import { Below, type FieldProps } from "./Field";
import { Icon } from "./Icon";
import { BOX, CHOICE, HELP, LABEL, POPOVER } from "./look";

export interface Option {
  id: string;
  label: string;
  help?: string;
}

interface SelectProps extends FieldProps {
  value: string;
  onChange: (id: string) => void;
  options: readonly Option[];
  placeholder?: string;
}

/** A list that opens; typing finds a choice in it. */
export function Select({ label, value, onChange, options, placeholder = "Choose", help, problem, required = false, disabled = false, quiet = false, className = "" }: SelectProps) {
  return (
    <AriaSelect
      selectedKey={value || null}
      onSelectionChange={(id) => onChange(String(id ?? ""))}
      placeholder={placeholder}
      isRequired={required}
      isDisabled={disabled}
      isInvalid={problem !== undefined}
      validationBehavior="aria"
      className={`flex flex-col gap-1.5 ${className}`}
    >
      <Label className={quiet ? "sr-only" : LABEL}>{label}</Label>
      <AriaButton className={`${BOX} flex items-center justify-between gap-2 text-start`}>
        <SelectValue className="truncate data-[placeholder]:text-muted">
          {({ defaultChildren, selectedText }) => selectedText || defaultChildren}
        </SelectValue>
        <Icon name="chevron" className="size-4 text-muted" />
      </AriaButton>
      <Below help={help} problem={problem} />
      <Popover className={`${POPOVER} min-w-(--trigger-width) max-w-96`}>
        <ListBox items={options} className="outline-none">
          {(option) => <Choice option={option} />}
        </ListBox>
      </Popover>
    </AriaSelect>
  );
}

/** A field whose typed text narrows the choices. */
export function ComboBox({ label, value, onChange, options, placeholder, help, problem, required = false, disabled = false, quiet = false, className = "" }: SelectProps) {
  return (
    <AriaComboBox
      selectedKey={value || null}
      onSelectionChange={(id) => id !== null && onChange(String(id))}
      defaultItems={options}
      isRequired={required}
      isDisabled={disabled}
      isInvalid={problem !== undefined}
      validationBehavior="aria"
      menuTrigger="focus"
      className={`flex flex-col gap-1.5 ${className}`}
    >
      <Label className={quiet ? "sr-only" : LABEL}>{label}</Label>
      <div className="relative">
        <Input placeholder={placeholder} className={`${BOX} pe-9`} />
        <AriaButton className="absolute end-1 top-1/2 grid size-7 -translate-y-1/2 place-items-center rounded-md text-muted hover:text-ink">
          <Icon name="chevron" className="size-4" />
        </AriaButton>
      </div>
      <Below help={help} problem={problem} />
      <Popover className={`${POPOVER} max-h-72 min-w-(--trigger-width)`}>
        <ListBox<Option> className="outline-none">{(option) => <Choice option={option} />}</ListBox>
      </Popover>
    </AriaComboBox>
  );
}

function Choice({ option }: { option: Option }) {
  return (
    <ListBoxItem id={option.id} textValue={option.label} className={CHOICE}>
      {({ isSelected }) => (
        <>
          <span className="min-w-0 flex-1">
            {option.label}
            {option.help && <span className={`block ${HELP}`}>{option.help}</span>}
          </span>
          {isSelected && <Icon name="check" className="size-4 text-accent" />}
        </>
      )}
    </ListBoxItem>
  );
}

/** Choices that are all in sight. */
export function Radios({ label, value, onChange, options, help, problem, disabled = false, quiet = false, className = "" }: SelectProps) {
  return (
    <RadioGroup value={value} onChange={onChange} isDisabled={disabled} isInvalid={problem !== undefined} validationBehavior="aria" className={`flex flex-col gap-1.5 ${className}`}>
      <Label className={quiet ? "sr-only" : LABEL}>{label}</Label>
      {options.map((option) => (
        <Radio key={option.id} value={option.id} className="group flex cursor-pointer items-start gap-2.5 py-1 text-sm">
          <span
            aria-hidden="true"
            className="mt-px size-5 shrink-0 rounded-full border border-edge bg-surface group-data-[focus-visible]:outline-2 group-data-[focus-visible]:outline-offset-2 group-data-[focus-visible]:outline-accent group-data-[selected]:border-[6px] group-data-[selected]:border-accent"
          />
          <span className="min-w-0">
            {option.label}
            {option.help && <span className={`block ${HELP}`}>{option.help}</span>}
          </span>
        </Radio>
      ))}
      <Below help={help} problem={problem} />
    </RadioGroup>
  );
}
