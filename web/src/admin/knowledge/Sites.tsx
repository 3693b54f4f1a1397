import type { Site } from "@contracts/memory/v1/site_pb";
import { SiteService } from "@contracts/memory/v1/site_service_pb";
import { useState } from "react";
import { useNavigate, useSearchParams } from "react-router";

import { Ago } from "../../ui/Ago";
import { Badge } from "../../ui/Badge";
import { Button } from "../../ui/Button";
import { DataTable, type Column } from "../../ui/DataTable";
import { Dialog } from "../../ui/Dialog";
import { useAction, usePages, useRequestId } from "../data/calls";
import { idOf, useMay, useSession } from "../data/session";
import { Page } from "../shell/Page";
import { Empty, Loaded } from "../shell/states";
import { completed } from "./AddDialogs";
import { SiteFields } from "./SiteFields";
import { NEW_SITE, siteOf, type SiteValue } from "./siteForm";
import { withoutScheme } from "./words";

const BUSY_MS = 2_000;
const COLUMNS: readonly Column<Site>[] = [
  { id: "name", head: "Name", cell: ({ displayName, startUri }) => displayName || withoutScheme(startUri) },
  { id: "address", head: "Address", from: "md", cell: ({ startUri }) => withoutScheme(startUri) },
  { id: "documents", head: "Pages", width: "4rem", end: true, cell: ({ documentCount }) => documentCount },
  { id: "next", head: "Read again", width: "8rem", from: "sm", cell: ({ nextCrawlTime }) => <Ago at={nextCrawlTime} never="By hand" /> },
  { id: "state", head: "State", width: "6rem", cell: ({ crawling, latestCrawl }) => <Badge look={crawling ? "info" : "neutral"}>{crawling ? "Reading" : latestCrawl ? "Read" : "Not read"}</Badge> },
];

export function Component() {
  const [params, setParams] = useSearchParams();
  const { organization } = useSession();
  const mayAdd = useMay("memory.sites.create");
  const [busy, setBusy] = useState(false);
  const sites = usePages(SiteService.method.listSites, { parent: organization }, (page) => page.sites, busy ? { every: BUSY_MS } : {});
  const crawling = sites.data?.some((site) => site.crawling) ?? false;
  if (crawling !== busy) setBusy(crawling);
  const adding = params.has("add");
  const add = mayAdd && (
    <Button look="primary" icon="plus" onClick={() => setParams({ add: "" })}>
      Add site
    </Button>
  );
  return (
    <Page title="Sites" about="Whole web sites that the assistant answers from. They are read page by page, and again when you want." actions={add}>
      <Loaded
        of={sites}
        empty={
          <Empty icon="globe" title="No sites yet" action={add}>
            Add your help centre or shop: every page becomes a document, and stays up to date.
          </Empty>
        }
      >
        {(rows) => <DataTable label="Sites" rows={rows} more={sites} id={({ name }) => name} columns={COLUMNS} to={({ name }) => `/knowledge/sites/${idOf(name)}`} />}
      </Loaded>
      {adding && <AddSiteDialog onClose={() => setParams({}, { replace: true })} />}
    </Page>
  );
}

function AddSiteDialog({ onClose }: { onClose: () => void }) {
  const { organization } = useSession();
  const navigate = useNavigate();
  const { requestId } = useRequestId();
  const [value, setValue] = useState<SiteValue>(NEW_SITE);
  const create = useAction(SiteService.method.createSite, { quiet: true });
  const start = completed(value.startUri);
  const save = async () => {
    const made = await create.run({ parent: organization, requestId, site: siteOf(value, start) });
    if (made) void navigate(`/knowledge/sites/${idOf(made.name)}`);
  };
  return (
    <Dialog
      title="Add a site"
      open
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button look="primary" busy={create.busy} disabled={start === ""} onClick={() => void save()}>
            Add and read
          </Button>
        </>
      }
    >
      <SiteFields value={value} set={(change) => setValue((before) => ({ ...before, ...change }))} problem={create.failure?.sentence} />
    </Dialog>
  );
}
