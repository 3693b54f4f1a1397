/** The frame of all pages: the navigation at the side, on a phone in a panel; the organization, the user, and the page. */

import { OrganizationService } from "@contracts/admin/v1/organization_service_pb";
import { Suspense, useEffect, useState } from "react";
import { RouterProvider as AriaRouterProvider } from "react-aria-components";
import { NavLink, Outlet, ScrollRestoration, useHref, useLocation, useNavigate, useNavigation } from "react-router";

import { Mark } from "../../shop/Landscape";
import { Banner } from "../../ui/Banner";
import { topBar } from "../../ui/bars";
import { IconButton } from "../../ui/Button";
import { Drawer } from "../../ui/Dialog";
import { Icon } from "../../ui/Icon";
import { Menu } from "../../ui/Menu";
import { Name } from "../../ui/Name";
import { useOnline } from "../../ui/online";
import { useCall } from "../data/calls";
import { idOf, useSession } from "../data/session";
import { itemsFor, type NavigationItem } from "./navigation";
import { TitleContext } from "./Page";
import { ROUTES } from "./routes";
import { Skeleton } from "./states";
import { UnsavedProvider } from "./unsaved";

/** The navigation of the user. */
export function useItems(): readonly NavigationItem[] {
  return itemsFor(ROUTES, useSession().permissions);
}

export function Shell() {
  const { organization } = useSession();
  const named = useCall(OrganizationService.method.getOrganization, { name: organization });
  const name = named.data?.displayName || idOf(organization);
  const navigate = useNavigate();
  return (
    <AriaRouterProvider navigate={(to) => void navigate(to)} useHref={useHref}>
    <TitleContext.Provider value={name}>
      <a href="#page" className="sr-only focus:not-sr-only focus:fixed focus:start-2 focus:top-2 focus:z-50 focus:rounded-lg focus:bg-surface focus:px-3 focus:py-2">
        Skip to the content
      </a>
      <div className="min-h-dvh lg:grid lg:grid-cols-[15rem_minmax(0,1fr)]">
        <aside className="sticky top-0 hidden h-dvh flex-col border-e border-line bg-surface lg:flex">
          <Side name={name} />
        </aside>
        <div className="flex min-w-0 flex-col">
          <PhoneTop name={name} />
          <Standing />
          <main id="page" className="min-w-0 flex-1">
            <Progress />
            <UnsavedProvider>
              <Suspense fallback={<Skeleton />}>
                <Outlet />
              </Suspense>
            </UnsavedProvider>
          </main>
        </div>
      </div>
      <ScrollRestoration />
    </TitleContext.Provider>
    </AriaRouterProvider>
  );
}

function Side({ name }: { name: string }) {
  return (
    <>
      <div className="flex items-center gap-2.5 px-4 pt-4 pb-3">
        <Mark className="size-7" />
        <p className="min-w-0 truncate font-display font-semibold">
          <Name>{name}</Name>
        </p>
      </div>
      <nav aria-label="Main" className="min-h-0 flex-1 overflow-y-auto px-2 pb-4">
        <Items />
      </nav>
      <div className="border-t border-line p-2">
        <a href="/agent/" className={`${ITEM} text-muted hover:bg-sunken hover:text-ink`}>
          <Icon name="inbox" className="size-4.5" />
          Answer customers
        </a>
        <UserMenu />
      </div>
    </>
  );
}

const ITEM = "flex min-h-11 items-center gap-2.5 rounded-lg px-2.5 text-sm font-medium lg:min-h-8";

function Items() {
  const items = useItems();
  return items.map(({ path, label, icon, group }, place) => (
    <div key={path}>
      {group && group !== items[place - 1]?.group && <p className="px-2.5 pt-4 pb-1 text-xs font-medium text-muted">{group}</p>}
      <NavLink to={`/${path}`} className={({ isActive }) => `${ITEM} ${isActive ? "bg-soft text-on-soft" : "text-muted hover:bg-sunken hover:text-ink"}`}>
        <Icon name={icon} className="size-4.5" />
        {label}
      </NavLink>
    </div>
  ));
}

function UserMenu() {
  const { user, account } = useSession();
  const signOut = async () => {
    await account.signOut();
    window.location.assign("/admin/");
  };
  return (
    <Menu
      label="Profile and sign-out"
      className={`${ITEM} w-full text-muted hover:bg-sunken hover:text-ink`}
      items={[
        { id: "profile", label: "Your profile", icon: "person", href: "/profile" },
        { id: "out", label: "Sign out", icon: "leave", run: () => void signOut() },
      ]}
    >
      <span aria-hidden="true" className="grid size-6 place-items-center rounded-full bg-soft text-xs font-semibold text-on-soft">
        {[...user.displayName][0]?.toUpperCase()}
      </span>
      <span className="min-w-0 flex-1 truncate text-start">
        <Name>{user.displayName}</Name>
      </span>
      <Icon name="more" className="size-4" />
    </Menu>
  );
}

function PhoneTop({ name }: { name: string }) {
  const [open, setOpen] = useState(false);
  const { pathname } = useLocation();
  useEffect(() => setOpen(false), [pathname]);
  return (
    <header ref={topBar} className="sticky top-0 z-30 flex items-center gap-2 border-b border-line bg-surface px-2 py-1.5 lg:hidden">
      <IconButton icon="menu" label="Menu" className="size-11!" onClick={() => setOpen(true)} />
      <p className="min-w-0 flex-1 truncate font-display font-semibold">
        <Name>{name}</Name>
      </p>
      <Drawer title={name} open={open} onClose={() => setOpen(false)}>
        <div className="-mx-3 flex min-h-full flex-col">
          <nav aria-label="Main" className="flex-1">
            <Items />
          </nav>
          <div className="mt-4 border-t border-line pt-2">
            <a href="/agent/" className={`${ITEM} text-muted`}>
              <Icon name="inbox" className="size-4.5" />
              Answer customers
            </a>
            <UserMenu />
          </div>
        </div>
      </Drawer>
    </header>
  );
}

function Standing() {
  if (useOnline()) return null;
  return (
    <Banner look="warn" icon="offline">
      You're offline. What you see may be old; saving works again when you're back.
    </Banner>
  );
}

/** A thin line while the code of a page is fetched. */
function Progress() {
  const { state } = useNavigation();
  return <div className="h-0.5">{state === "loading" && <div role="status" aria-label="Loading the page" className="h-full animate-pulse-slow bg-accent" />}</div>;
}
