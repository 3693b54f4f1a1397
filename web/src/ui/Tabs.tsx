/** Panels of which one is shown; tabs of a whole page are links (`admin/shell/Page`). */

import type { ReactNode } from "react";
import { Tab, TabList, TabPanel, Tabs as AriaTabs } from "react-aria-components";

interface Props {
  label: string;
  value: string;
  onChange: (id: string) => void;
  tabs: readonly { id: string; label: string; panel: ReactNode }[];
}

export const TAB = "-mb-px flex min-h-11 cursor-pointer items-center border-b-2 px-1 text-sm font-medium whitespace-nowrap sm:min-h-9";
export const TAB_HERE = "border-accent text-ink";
export const TAB_ELSEWHERE = "border-transparent text-muted hover:text-ink";

export function Tabs({ label, value, onChange, tabs }: Props) {
  return (
    <AriaTabs selectedKey={value} onSelectionChange={(id) => onChange(String(id))}>
      <TabList aria-label={label} className="flex gap-5 overflow-x-auto border-b border-line">
        {tabs.map(({ id, label: text }) => (
          <Tab key={id} id={id} className={({ isSelected }) => `${TAB} ${isSelected ? TAB_HERE : TAB_ELSEWHERE}`}>
            {text}
          </Tab>
        ))}
      </TabList>
      {tabs.map(({ id, panel }) => (
        <TabPanel key={id} id={id} className="pt-4 outline-none data-[focus-visible]:outline-2">
          {panel}
        </TabPanel>
      ))}
    </AriaTabs>
  );
}
