/** Fields to type in, each with its label, a line of help and, where it is wrong, the problem. */

import { useId, type HTMLInputTypeAttribute, type ReactNode, type Ref } from "react";
import {
  Button as AriaButton,
  FieldError,
  Group,
  Input,
  Label,
  NumberField as AriaNumberField,
  SearchField as AriaSearchField,
  Text,
  TextArea as AriaTextArea,
  TextField as AriaTextField,
} from "react-aria-components";

import { Icon } from "./Icon";
import { BOX, HELP, LABEL, PROBLEM } from "./look";

export interface FieldProps {
  label: string;
  /** A line of help below the field. */
  help?: ReactNode;
  /** Why the value can't be accepted. */
  problem?: string | undefined;
  required?: boolean;
  disabled?: boolean;
  /** The label is for screen readers only. */
  quiet?: boolean;
  className?: string;
}

interface TextFieldProps extends FieldProps {
  value: string;
  onChange: (value: string) => void;
  name?: string;
  type?: HTMLInputTypeAttribute;
  maxLength?: number;
  autoComplete?: string;
  autoFocus?: boolean;
  placeholder?: string;
  inputMode?: "text" | "numeric" | "email" | "url" | "decimal";
  /** For codes, keys and identifiers. */
  mono?: boolean;
  inputRef?: Ref<HTMLInputElement>;
}

/** A line of text. */
export function TextField({ label, help, problem, required = false, disabled = false, quiet = false, className = "", ...rest }: TextFieldProps) {
  const { value, onChange, type = "text", placeholder, mono = false, inputRef, maxLength, autoComplete, autoFocus = false, name, inputMode } = rest;
  return (
    <AriaTextField
      value={value}
      onChange={onChange}
      type={type}
      isRequired={required}
      isDisabled={disabled}
      isInvalid={problem !== undefined}
      validationBehavior="aria"
      autoFocus={autoFocus}
      className={`flex flex-col gap-1.5 ${className}`}
      {...(name !== undefined && { name })}
      {...(maxLength !== undefined && { maxLength })}
      {...(autoComplete !== undefined && { autoComplete })}
      {...(inputMode !== undefined && { inputMode })}
    >
      <Label className={quiet ? "sr-only" : LABEL}>{label}</Label>
      <Input ref={inputRef ?? null} placeholder={placeholder} className={`${BOX} ${mono ? "font-mono" : ""}`} />
      <Below help={help} problem={problem} />
    </AriaTextField>
  );
}

interface TextAreaProps extends FieldProps {
  value: string;
  onChange: (value: string) => void;
  rows?: number;
  maxLength?: number;
  placeholder?: string;
  mono?: boolean;
}

/**
 * Several lines of text, with a count of what is left when it gets short. A text that is too long stays as it is, with what to do: a
 * browser's own limit would cut off what someone pasted, without a word.
 */
export function TextArea({ label, help, problem, required = false, disabled = false, quiet = false, className = "", ...rest }: TextAreaProps) {
  const { value, onChange, rows = 4, maxLength, placeholder, mono = false } = rest;
  const left = maxLength === undefined ? Infinity : maxLength - lengthOf(value);
  const wrong = maxLength === undefined ? problem : (tooLong(value, maxLength) ?? problem);
  return (
    <AriaTextField
      value={value}
      onChange={onChange}
      isRequired={required}
      isDisabled={disabled}
      isInvalid={wrong !== undefined}
      validationBehavior="aria"
      className={`flex flex-col gap-1.5 ${className}`}
    >
      <Label className={quiet ? "sr-only" : LABEL}>{label}</Label>
      <AriaTextArea rows={rows} placeholder={placeholder} className={`${BOX} resize-y py-2 leading-relaxed ${mono ? "font-mono" : ""}`} />
      <Below help={maxLength !== undefined && left < maxLength / 5 ? `${left} characters left` : help} problem={wrong} />
    </AriaTextField>
  );
}

/** In characters, as the services count them. */
function lengthOf(text: string): number {
  return [...text].length;
}

/** Why a text can't be saved, and what to do; undefined if it has at most so many characters. */
export function tooLong(text: string, most: number): string | undefined {
  const length = lengthOf(text);
  if (length <= most) return undefined;
  const [has, allowed, over] = [length, most, length - most].map((count) => count.toLocaleString("en"));
  return `${has} characters are too many: at most ${allowed}. Shorten it by ${over}.`;
}

interface NumberFieldProps extends FieldProps {
  /** Undefined: the field is empty. */
  value: number | undefined;
  onChange: (value: number | undefined) => void;
  min?: number;
  max?: number;
  step?: number;
  /** Shown behind the number. */
  unit?: string;
}

/** A number, with buttons for one more and one less. */
export function NumberField({ label, value, onChange, help, problem, required = false, disabled = false, quiet = false, className = "", ...rest }: NumberFieldProps) {
  const { min, max, step, unit } = rest;
  return (
    <AriaNumberField
      value={value ?? NaN}
      onChange={(next) => onChange(Number.isNaN(next) ? undefined : next)}
      isRequired={required}
      isDisabled={disabled}
      isInvalid={problem !== undefined}
      validationBehavior="aria"
      className={`flex flex-col gap-1.5 ${className}`}
      {...(min !== undefined && { minValue: min })}
      {...(max !== undefined && { maxValue: max })}
      {...(step !== undefined && { step })}
    >
      <Label className={quiet ? "sr-only" : LABEL}>{label}</Label>
      <Group className="flex items-center gap-2">
        <Input className={`${BOX} max-w-36 tabular-nums`} />
        <AriaButton slot="decrement" className="grid size-11 place-items-center rounded-lg border border-line text-muted hover:border-edge disabled:opacity-55 sm:size-9">
          <Icon name="minus" className="size-4" />
        </AriaButton>
        <AriaButton slot="increment" className="grid size-11 place-items-center rounded-lg border border-line text-muted hover:border-edge disabled:opacity-55 sm:size-9">
          <Icon name="plus" className="size-4" />
        </AriaButton>
        {unit && <span className="text-sm text-muted">{unit}</span>}
      </Group>
      <Below help={help} problem={problem} />
    </AriaNumberField>
  );
}

interface CheckboxProps {
  label: ReactNode;
  value: boolean;
  onChange: (value: boolean) => void;
  help?: ReactNode;
  disabled?: boolean;
  /** Some of what it stands for is chosen, not all. */
  some?: boolean;
  /** Its effect, for screen readers: for a page where it would be too much to read. */
  description?: string;
}

/** A box to tick. It is the browser's own, invisible where its picture is: a page may have hundreds. */
export function Checkbox({ description, ...box }: CheckboxProps) {
  const id = useId();
  if (!description) return <Box {...box} />;
  return (
    <>
      <Box {...box} describedBy={id} />
      <span id={id} hidden>
        {description}
      </span>
    </>
  );
}

function Box({ label, value, onChange, help, disabled = false, some = false, describedBy }: Omit<CheckboxProps, "description"> & { describedBy?: string }) {
  return (
    <label className="relative flex cursor-pointer items-start gap-2.5 py-1 text-sm has-disabled:cursor-not-allowed has-disabled:text-muted">
      <input
        type="checkbox"
        className="peer absolute start-0 top-1 size-5 cursor-[inherit] opacity-0"
        checked={value}
        disabled={disabled}
        aria-describedby={describedBy}
        onChange={(event) => onChange(event.target.checked)}
        ref={(box) => {
          if (box) box.indeterminate = some;
        }}
      />
      <span
        aria-hidden="true"
        className={`mt-px grid size-5 shrink-0 place-items-center rounded border peer-focus-visible:outline-2 peer-focus-visible:outline-offset-2 peer-focus-visible:outline-accent peer-disabled:border-edge/60 peer-disabled:bg-sunken peer-disabled:text-muted ${
          value || some ? "border-accent bg-accent text-on-accent" : "border-edge bg-surface"
        }`}
      >
        {some ? <Icon name="minus" className="size-3.5" /> : value && <Icon name="check" className="size-3.5" />}
      </span>
      <span className="min-w-0">
        {label}
        {help && <span className={`block ${HELP}`}>{help}</span>}
      </span>
    </label>
  );
}

interface SearchFieldProps {
  label: string;
  value: string;
  onChange: (value: string) => void;
  maxLength?: number;
  className?: string;
}

/** A field to search by, without a visible label. Escape empties it. */
export function SearchField({ label, value, onChange, maxLength = 100, className = "" }: SearchFieldProps) {
  return (
    <AriaSearchField aria-label={label} value={value} onChange={onChange} maxLength={maxLength} className={`group relative ${className}`}>
      <Icon name="search" className="pointer-events-none absolute start-3 top-1/2 size-4 -translate-y-1/2 text-muted" />
      <Input placeholder={label} className={`${BOX} ps-9 pe-9 [&::-webkit-search-cancel-button]:hidden`} />
      <AriaButton className="absolute end-1 top-1/2 grid size-7 -translate-y-1/2 place-items-center rounded-md text-muted group-data-[empty]:hidden hover:text-ink">
        <Icon name="close" className="size-4" />
      </AriaButton>
    </AriaSearchField>
  );
}

/** Below a field: the problem, or else the help. */
export function Below({ help, problem }: { help?: ReactNode; problem?: string | undefined }) {
  if (problem !== undefined) return <FieldError className={PROBLEM}>{problem}</FieldError>;
  return help ? (
    <Text slot="description" className={HELP}>
      {help}
    </Text>
  ) : null;
}
