import type { Crawl, CrawlPage, Site } from "@contracts/memory/v1/site_pb";
import { CrawlPageState } from "@contracts/memory/v1/site_pb";
import { SiteService } from "@contracts/memory/v1/site_service_pb";
import { useState } from "react";
import { Link, useNavigate, useParams, useSearchParams } from "react-router";

import { Ago } from "../../ui/Ago";
import { Badge } from "../../ui/Badge";
import { Banner } from "../../ui/Banner";
import { Button } from "../../ui/Button";
import { Card, Facts } from "../../ui/Card";
import { DataTable, type Column } from "../../ui/DataTable";
import { Drawer, useConfirm } from "../../ui/Dialog";
import { Menu } from "../../ui/Menu";
import { Select } from "../../ui/Select";
import { newId, useAction, useCall, usePages } from "../data/calls";
import { idOf, useMay, useSession } from "../data/session";
import { Page } from "../shell/Page";
import { Empty, Loaded } from "../shell/states";
import { completed } from "./AddDialogs";
import { useCrawl, type Progress } from "./crawl";
import { SiteFields } from "./SiteFields";
import { FIELDS, siteOf, valueOf } from "./siteForm";
import { changesOf, crawlState, isRunning, pageState, skipReason, withoutScheme } from "./words";

const BACK = { to: "/knowledge/sites", label: "Sites" };

export function Component() {
  const { organization } = useSession();
  const name = `${organization}/sites/${useParams().site ?? ""}`;
  const found = useCall(SiteService.method.getSite, { name });
  const site = found.data;
  const progress = useCrawl(site?.latestCrawl ?? "");
  return (
    <Page
      title={site ? site.displayName || withoutScheme(site.startUri) : "Site"}
      about={site && withoutScheme(site.startUri)}
      back={BACK}
      actions={site && <Actions site={site} crawl={progress.crawl} />}
    >
      <Loaded of={found}>{(one) => <Body site={one} progress={progress} />}</Loaded>
    </Page>
  );
}

function Body({ site, progress }: { site: Site; progress: Progress }) {
  const crawls = usePages(SiteService.method.listCrawls, { parent: site.name, pageSize: 10 }, (page) => page.crawls);
  const [params, setParams] = useSearchParams();
  const shown = params.get("crawl") ? `${site.name}/crawls/${params.get("crawl")}` : site.latestCrawl;
  const listed = crawls.data?.find(({ name }) => name === shown);
  const crawl = shown === site.latestCrawl ? (progress.crawl ?? listed) : listed;
  if (!crawl) return <p className="text-sm text-muted">It hasn't been read yet.</p>;
  return (
    <div className="flex flex-col gap-5">
      <CrawlCard crawl={crawl} site={site} progress={progress} />
      {(crawls.data?.length ?? 0) > 1 && (
        <Select
          label="Crawl"
          className="max-w-sm"
          value={idOf(crawl.name)}
          onChange={(id) => setParams(id === idOf(site.latestCrawl) ? {} : { crawl: id })}
          options={crawls.data!.map((each) => ({ id: idOf(each.name), label: `${crawlState(each.state).text}: ${changesOf(each)}`, help: each.createTime ? new Date(Number(each.createTime.seconds) * 1000).toLocaleString() : "" }))}
        />
      )}
      <CrawlPages crawl={crawl} />
    </div>
  );
}

function CrawlCard({ crawl, site, progress }: { crawl: Crawl; site: Site; progress: Progress }) {
  const { look, text } = crawlState(crawl.state);
  const running = isRunning(crawl);
  const done = crawl.foundCount - crawl.waitingCount;
  return (
    <Card
      title={
        <span className="flex items-center gap-2">
          {running ? "Reading the site" : "Last read"} <Badge look={look}>{text}</Badge>
        </span>
      }
    >
      <div className="flex flex-col gap-4">
        {running && (
          <div>
            <progress aria-label="Pages read" max={Math.max(1, crawl.foundCount)} value={done} className="h-2 w-full accent-accent" />
            <p role="status" className="mt-1 text-sm text-muted">
              {done} of {crawl.foundCount} known pages
            </p>
          </div>
        )}
        {crawl.problem && <Banner look="bad" icon="alert">{crawl.problem.message}</Banner>}
        {crawl.notices.length > 0 && (
          <Banner look="warn" icon="alert">
            {crawl.notices.map((notice) => (
              <p key={notice}>{notice}</p>
            ))}
          </Banner>
        )}
        <Facts
          rows={[
            ["Changed since the crawl before", changesOf(crawl)],
            ["Pages", `${site.documentCount} documents`],
            ...(crawl.skippedCount > 0 ? [["Left out", crawl.skips.map(({ reason, count }) => `${count} ${skipReason(reason)}`).join(", ") || String(crawl.skippedCount)] as const] : []),
            ["Started", <Ago at={crawl.startTime ?? crawl.createTime} />],
            ["Read again", <Ago at={site.nextCrawlTime} never="By hand" />],
          ]}
        />
        {running && progress.recent.length > 0 && (
          <ul aria-label="Pages just read" className="flex flex-col gap-1 text-sm">
            {progress.recent.map((page) => (
              <li key={`${page.uri} ${page.readTime?.seconds}`} className="flex items-center gap-2">
                <Badge look={pageState(page.state).look}>{pageState(page.state).text}</Badge>
                <span className="truncate text-muted">{withoutScheme(page.uri)}</span>
              </li>
            ))}
          </ul>
        )}
      </div>
    </Card>
  );
}

const FILTERS = [
  { id: "all", label: "All pages" },
  ...([CrawlPageState.FAILED, CrawlPageState.NEW, CrawlPageState.CHANGED, CrawlPageState.GONE, CrawlPageState.UNCHANGED, CrawlPageState.SKIPPED, CrawlPageState.WAITING] as const).map((state) => ({
    id: CrawlPageState[state],
    label: pageState(state).text,
  })),
];

const COLUMNS: readonly Column<CrawlPage>[] = [
  {
    id: "uri",
    head: "Page",
    cell: ({ uri, document, problem }) => (
      <span className="block min-w-0">
        {document ? (
          <Link to={`/knowledge/documents/${idOf(document)}`} className="block truncate font-medium hover:underline">
            {withoutScheme(uri)}
          </Link>
        ) : (
          <span className="block truncate">{withoutScheme(uri)}</span>
        )}
        {problem && <span className="block text-xs whitespace-normal text-muted">{problem.message}</span>}
      </span>
    ),
  },
  { id: "read", head: "Read", width: "8rem", from: "md", cell: ({ readTime }) => <Ago at={readTime} never="–" /> },
  { id: "state", head: "Result", width: "6rem", cell: ({ state }) => <Badge look={pageState(state).look}>{pageState(state).text}</Badge> },
];

function CrawlPages({ crawl }: { crawl: Crawl }) {
  const [params, setParams] = useSearchParams();
  const chosen = params.get("pages") ?? "all";
  const state = CrawlPageState[chosen as keyof typeof CrawlPageState] ?? CrawlPageState.UNSPECIFIED;
  const pages = usePages(SiteService.method.listCrawlPages, { parent: crawl.name, state }, (page) => page.pages, isRunning(crawl) ? { every: 3_000, keep: true } : { keep: true });
  const choose = (id: string) =>
    setParams((now) => {
      if (id === "all") now.delete("pages");
      else now.set("pages", id);
      return now;
    }, { replace: true });
  return (
    <section aria-label="Pages of this crawl" className="flex flex-col gap-3">
      <Select label="Show pages" quiet value={chosen} onChange={choose} options={FILTERS} className="w-44" />
      <Loaded of={pages} empty={<Empty icon="globe" title={chosen === "all" ? "No pages yet" : "No page has this result"} />}>
        {(rows) => <DataTable label="Pages" rows={rows} more={pages} id={({ uri }) => uri} columns={COLUMNS} />}
      </Loaded>
    </section>
  );
}

function Actions({ site, crawl }: { site: Site; crawl: Crawl | undefined }) {
  const [mayUpdate, mayDelete] = [useMay("memory.sites.update"), useMay("memory.sites.delete")];
  const navigate = useNavigate();
  const confirm = useConfirm();
  const [editing, setEditing] = useState(false);
  const start = useAction(SiteService.method.crawlSite);
  const cancel = useAction(SiteService.method.cancelCrawl, { done: "Cancelled. The pages that were read stay." });
  const remove = useAction(SiteService.method.deleteSite, { done: "Deleted", refresh: [SiteService.method.listSites] });
  const ask = async () => {
    const text = `Its ${site.documentCount} documents are deleted with it, and the assistant stops answering from them. This can't be undone.`;
    if (!(await confirm({ title: `Delete ${site.displayName || withoutScheme(site.startUri)}?`, text, yes: "Delete", danger: true }))) return;
    if (await remove.run({ name: site.name, etag: site.etag })) void navigate(BACK.to);
  };
  return (
    <>
      {mayUpdate &&
        (isRunning(crawl) ? (
          <Button icon="close" busy={cancel.busy} onClick={() => void cancel.run({ name: crawl!.name })}>
            Cancel reading
          </Button>
        ) : (
          <Button icon="retry" busy={start.busy} onClick={() => void start.run({ name: site.name, requestId: newId() })}>
            Read now
          </Button>
        ))}
      <Menu
        label="More actions"
        items={[
          { id: "edit", label: "Scope and schedule", icon: "edit", hidden: !mayUpdate, run: () => setEditing(true) },
          { id: "documents", label: "Open the site", icon: "external", run: () => void window.open(site.startUri, "_blank", "noreferrer") },
          { id: "delete", label: "Delete", icon: "trash", danger: true, hidden: !mayDelete, run: () => void ask() },
        ]}
      />
      {editing && <EditSite site={site} onClose={() => setEditing(false)} />}
    </>
  );
}

function EditSite({ site, onClose }: { site: Site; onClose: () => void }) {
  const [value, setValue] = useState(() => valueOf(site));
  const update = useAction(SiteService.method.updateSite, { quiet: true, done: "Saved. It takes effect with the next crawl." });
  const start = completed(value.startUri);
  const save = async () => {
    if (await update.run({ site: siteOf(value, start, site.name, site.etag), updateMask: { paths: [...FIELDS] } })) onClose();
  };
  return (
    <Drawer
      title="Scope and schedule"
      open
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button look="primary" busy={update.busy} disabled={start === ""} onClick={() => void save()}>
            Save
          </Button>
        </>
      }
    >
      <SiteFields value={value} set={(change) => setValue((before) => ({ ...before, ...change }))} problem={update.failure?.sentence} />
    </Drawer>
  );
}
