/** The frame of a page: its title, what can be done on it, its tabs. */

import { createContext, useContext, useEffect, useRef, type ReactNode } from "react";
import { Link, NavLink, useLocation } from "react-router";

import { Icon } from "../../ui/Icon";
import { TAB, TAB_ELSEWHERE, TAB_HERE } from "../../ui/Tabs";

interface Props {
  title: string;
  /** A sentence below the title. */
  about?: ReactNode;
  actions?: ReactNode;
  /** Pages beside this one. */
  tabs?: readonly { to: string; label: string; end?: boolean }[] | undefined;
  /** Where this page belongs. */
  back?: { to: string; label: string };
  /** It uses the whole width. */
  wide?: boolean;
  children: ReactNode;
}

/** The name of the organization, for the title of the browser's tab. */
export const TitleContext = createContext("Frontdesk");

export function Page({ title, about, actions, tabs, back, wide = false, children }: Props) {
  const suffix = useContext(TitleContext);
  useEffect(() => {
    document.title = `${title} · ${suffix}`;
  }, [title, suffix]);
  const heading = useRef<HTMLHeadingElement>(null);
  useArrivalFocus(heading);
  return (
    <div className={`mx-auto w-full px-4 py-6 sm:px-8 ${wide ? "max-w-[100rem]" : "max-w-5xl"}`}>
      {back && (
        <Link to={back.to} className="mb-2 inline-flex min-h-6 items-center gap-1 rounded text-sm text-muted hover:text-ink">
          <Icon name="back" className="size-4 rtl:-scale-x-100" />
          {back.label}
        </Link>
      )}
      <header className="mb-5 flex flex-wrap items-start gap-x-6 gap-y-3">
        <div className="min-w-0 flex-1 basis-64">
          <h1 ref={heading} tabIndex={-1} className="truncate font-display text-xl font-semibold tracking-tight outline-none">
            {title}
          </h1>
          {about && <div className="mt-1 max-w-[72ch] text-sm text-muted">{about}</div>}
        </div>
        {actions && <div className="flex flex-wrap items-center gap-2">{actions}</div>}
      </header>
      {tabs && tabs.length > 1 && (
        <nav aria-label={`Pages beside ${title}`} className="mb-5 flex gap-5 overflow-x-auto border-b border-line">
          {tabs.map(({ to, label, end = true }) => (
            <NavLink key={to} to={to} end={end} className={({ isActive }) => `${TAB} ${isActive ? TAB_HERE : TAB_ELSEWHERE}`}>
              {label}
            </NavLink>
          ))}
        </nav>
      )}
      {children}
    </div>
  );
}

/** After a navigation the focus goes to the new page's title, so that a screen reader reads it; not at the first page. */
function useArrivalFocus(heading: React.RefObject<HTMLHeadingElement | null>): void {
  const { key, pathname } = useLocation();
  useEffect(() => {
    if (key !== "default") heading.current?.focus({ preventScroll: true });
  }, [pathname, heading]);
}
