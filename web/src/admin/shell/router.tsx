/** The routes of all areas, within the shell. Each page is a chunk of its own. */

import { createBrowserRouter, Link, useRouteError, type RouteObject } from "react-router";

import { failure } from "../../api/errors";
import { Button } from "../../ui/Button";
import { useMay } from "../data/session";
import { Page } from "./Page";
import { ROUTES, type AdminRoute } from "./routes";
import { Shell } from "./Shell";
import { Empty, NoPermission, Skeleton } from "./states";

export function makeRouter() {
  return createBrowserRouter(
    [
      {
        element: <Shell />,
        children: [{ index: true, lazy: () => import("../start/Home") }, ...ROUTES.map(toRoute), { path: "*", element: <NotFound /> }],
        hydrateFallbackElement: <Skeleton />,
      },
    ],
    { basename: "/admin" },
  );
}

function toRoute(route: AdminRoute): RouteObject {
  return {
    path: route.path,
    errorElement: <Broken />,
    lazy: async () => {
      const { Component } = await route.load();
      const Guarded = () => (
        <Allowed route={route}>
          <Component />
        </Allowed>
      );
      return { Component: Guarded };
    },
  };
}

function Allowed({ route, children }: { route: AdminRoute; children: React.ReactNode }) {
  if (useMay(route.permission)) return children;
  return (
    <Page title={route.title}>
      <NoPermission />
    </Page>
  );
}

function NotFound() {
  return (
    <Page title="Not found">
      <Empty icon="search" title="This page doesn't exist" action={<Link to="/" className="font-medium text-accent underline">Go to the start</Link>}>
        The link may be old, or a letter is missing.
      </Empty>
    </Page>
  );
}

/** A page that threw: a new version was published while this one was open, or a mistake of ours. */
function Broken() {
  const error = useRouteError();
  const outdated = error instanceof TypeError && /import|fetch|module/i.test(error.message);
  return (
    <Page title="Something went wrong">
      <Empty icon="alert" title={outdated ? "This page couldn't be loaded" : failure(error).sentence} action={<Button icon="retry" onClick={() => window.location.reload()}>Reload</Button>}>
        {outdated ? "Frontdesk was updated, or the connection failed. Reload to continue." : "Reload the page. If it happens again, ask your operator."}
      </Empty>
    </Page>
  );
}
