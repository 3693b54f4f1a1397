/** The pages that there are: each area's `routes.ts`, found by its place. */

import type { ComponentType } from "react";

export interface AdminRoute {
  /** Below `/admin/`, in react-router's notation: `team/:user`. */
  path: string;
  title: string;
  /** Without it the page says so, and the navigation does not show it. */
  permission?: string;
  load: () => Promise<{ Component: ComponentType }>;
}

const AREAS = import.meta.glob<{ routes: AdminRoute[] }>(["../*/routes.ts", "!../shell/routes.ts"], { eager: true });

export const ROUTES: readonly AdminRoute[] = Object.values(AREAS).flatMap((area) => area.routes);
