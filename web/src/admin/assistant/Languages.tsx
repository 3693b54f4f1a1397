import { IconButton } from "../../ui/Button";
import { HELP, LABEL } from "../../ui/look";
import { Select } from "../../ui/Select";

const OFFERED = "en de es fr nl ar it pt pl cs da sv nb fi tr el he hu ro bg hr sk sl uk ru ja ko zh hi id th vi".split(" ");
const MOST = 50;

/** A language's name, in the language of this page; a tag that has none stays a tag. */
export function languageName(tag: string): string {
  try {
    return new Intl.DisplayNames(["en"], { type: "language" }).of(tag) ?? tag;
  } catch {
    return tag;
  }
}

/** The languages that it answers in, the first one for everybody else. */
export function Languages({ value, onChange }: { value: readonly string[]; onChange: (tags: string[]) => void }) {
  const left = OFFERED.filter((tag) => !value.includes(tag)).map((id) => ({ id, label: languageName(id) }));
  return (
    <div className="flex flex-col gap-1.5">
      <span className={LABEL}>Languages</span>
      {value.length > 0 && (
        <ul aria-label="Languages" className="flex flex-wrap gap-2">
          {value.map((tag, place) => (
            <li key={tag} className="inline-flex items-center rounded-full bg-sunken ps-3 text-sm">
              {languageName(tag)}
              {place === 0 && value.length > 1 && <span className="ms-1 text-xs text-muted">(for others)</span>}
              <IconButton icon="close" label={`Remove ${languageName(tag)}`} className="size-8!" onClick={() => onChange(value.filter((each) => each !== tag))} />
            </li>
          ))}
        </ul>
      )}
      {value.length < MOST && <Select label="Add a language" quiet placeholder="Add a language" value="" onChange={(tag) => tag && onChange([...value, tag])} options={left} className="max-w-56" />}
      <p className={HELP}>{value.length === 0 ? "It answers in the customer's language." : "Questions in other languages are answered in the first one."}</p>
    </div>
  );
}
