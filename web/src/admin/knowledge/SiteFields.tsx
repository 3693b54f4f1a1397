import { Discovery } from "@contracts/memory/v1/site_pb";

import { NumberField, TextArea, TextField } from "../../ui/Field";
import { Select } from "../../ui/Select";
import { completed } from "./AddDialogs";
import { schedules, type SiteValue } from "./siteForm";

const DISCOVERIES = [
  { id: String(Discovery.SITEMAPS_AND_LINKS), label: "By sitemap and links" },
  { id: String(Discovery.LINKS), label: "By links only" },
  { id: String(Discovery.SITEMAPS), label: "By sitemap only" },
] as const;

interface Props {
  value: SiteValue;
  set: (change: Partial<SiteValue>) => void;
  problem?: string | undefined;
}

/** The scope and the schedule of a crawl. */
export function SiteFields({ value, set, problem }: Props) {
  const wrong = value.startUri.trim() !== "" && completed(value.startUri) === "";
  return (
    <div className="flex flex-col gap-4">
      <TextField
        label="Start address"
        value={value.startUri}
        onChange={(startUri) => set({ startUri })}
        required
        inputMode="url"
        placeholder="https://shop.example/help/"
        help="Reading begins here and stays on this host. robots.txt is obeyed, at about one page a second."
        problem={wrong ? "This isn't a web address. Copy it from your browser." : problem}
      />
      <TextField label="Name" value={value.displayName} onChange={(displayName) => set({ displayName })} maxLength={200} help="Empty: its host." />
      <Select label="Read it again" value={String(value.everyHours)} onChange={(id) => set({ everyHours: Number(id) })} options={schedules(value.everyHours)} help="Only pages that changed are indexed again." />
      <details>
        <summary className="cursor-pointer rounded py-1 text-sm font-medium">Scope and limits</summary>
        <div className="mt-3 flex flex-col gap-4">
          <TextArea label="Only these paths" value={value.includePaths} onChange={(includePaths) => set({ includePaths })} rows={3} mono placeholder="/help/" help="One beginning of a path on each line. Empty: all." />
          <TextArea label="Not these paths" value={value.excludePaths} onChange={(excludePaths) => set({ excludePaths })} rows={3} mono placeholder="/help/archive/" />
          <div className="flex flex-wrap gap-x-8 gap-y-4">
            <NumberField label="Links away from the start" value={value.maxDepth} onChange={(maxDepth) => set({ maxDepth })} min={1} max={50} help="Empty: 10." />
            <NumberField label="Pages at most" value={value.maxPages} onChange={(maxPages) => set({ maxPages })} min={1} max={5000} help="Empty: 500." />
          </div>
          <Select label="How pages are found" value={String(value.discovery)} onChange={(id) => set({ discovery: Number(id) })} options={DISCOVERIES} />
        </div>
      </details>
    </div>
  );
}
