/** An answer's sources: numbers in the text, chips below it, and the passage itself when one is opened. */

import type { Source } from "@contracts/core/v1/message_pb";

import { t } from "../i18n";
import { Icon } from "../ui/Icon";
import { isLinkable, Markdown, SafeLink } from "../ui/Markdown";
import { Name } from "../ui/Name";

interface MarkProps {
  index: number;
  source: Source | undefined;
  open: boolean;
  panel: string;
  toggle: (index: number) => void;
}

/** The number of a source in a text. While the answer grows it opens nothing. */
export function SourceMark({ index, source, open, panel, toggle }: MarkProps) {
  const look = "mx-0.5 inline-grid h-4.5 min-w-4.5 place-items-center rounded-full px-1 align-[0.12em] text-[0.7rem] font-bold leading-none tabular-nums";
  if (!source) return <span className={`${look} bg-soft text-on-soft opacity-70`}>{index}</span>;
  return (
    <button
      type="button"
      className={`${look} transition-colors ${open ? "bg-accent text-on-accent" : "bg-soft text-on-soft hover:bg-accent hover:text-on-accent"}`}
      aria-label={t("sources.mark", { index, title: source.title })}
      data-mark
      aria-expanded={open}
      aria-controls={panel}
      onClick={() => toggle(index)}
    >
      {index}
    </button>
  );
}

interface ListProps {
  /** The first has the number 1. */
  sources: readonly Source[];
  open: number | null;
  panel: string;
  toggle: (index: number) => void;
}

/** The chips of all sources, and the passage of the one that is open. */
export function SourceList({ sources, open, panel, toggle }: ListProps) {
  const shown = open === null ? undefined : sources[open - 1];
  return (
    <div className="mt-3 border-t border-line pt-2.5">
      <ul aria-label={t("sources.list")} className="flex flex-wrap gap-1.5">
        {sources.map((source, place) => (
          <li key={source.passage} className="max-w-full">
            <button
              type="button"
              aria-expanded={place + 1 === open}
              aria-controls={panel}
              onClick={() => toggle(place + 1)}
              className={`flex min-h-7 max-w-full items-center gap-1.5 rounded-full border py-0.5 ps-1 pe-2.5 text-xs font-medium transition-colors ${
                place + 1 === open
                  ? "border-link bg-soft text-on-soft"
                  : "border-line bg-surface text-muted hover:border-edge hover:text-ink"
              }`}
            >
              <span className="grid size-5 shrink-0 place-items-center rounded-full bg-soft text-[0.7rem] font-bold text-on-soft">
                {place + 1}
              </span>
              <span dir="auto" className="truncate">
                <Name>{label(source, sources)}</Name>
              </span>
            </button>
          </li>
        ))}
      </ul>
      <div id={panel}>{shown && open !== null && <Passage source={shown} index={open} />}</div>
    </div>
  );
}

/** The title; where several passages of one document are cited, the heading that distinguishes them. */
function label(source: Source, sources: readonly Source[]): string {
  const twins = sources.filter((other) => other.title === source.title);
  const part = headings(source).at(-1);
  return twins.length > 1 && part ? part : source.title;
}

function headings({ heading, title }: Source): string[] {
  return heading.split(" > ").filter((part) => part !== "" && part !== title);
}

function Passage({ source, index }: { source: Source; index: number }) {
  return (
    <section
      aria-label={t("sources.one", { index })}
      className="mt-2 animate-rise rounded-xl border border-line bg-surface p-3 text-[0.83rem] text-ink"
    >
      <h3 className="font-semibold">
        <Name>{source.title}</Name>
      </h3>
      {headings(source).length > 0 && (
        <p className="mt-0.5 text-xs text-muted">
          <Name>{headings(source).join(" › ")}</Name>
        </p>
      )}
      <div className="mt-2 border-s-2 border-link ps-3 text-muted">
        <Markdown text={source.quote} />
      </div>
      {isLinkable(source.uri) && (
        <p className="mt-2 inline-flex items-center gap-1 font-medium text-link underline underline-offset-2">
          <SafeLink href={source.uri}>{t("sources.read")}</SafeLink>
          <Icon name="external" className="size-3.5" />
        </p>
      )}
    </section>
  );
}
