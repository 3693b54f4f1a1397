-- Documents that are pages of a site name it.
alter table document add column site text not null default '';
create index document_of_site on document (organization, site, created desc, id desc) where site <> '';

-- Web sites as knowledge sources.
create table site (
    organization text not null,
    id text not null,
    request_id text not null,
    display_name text not null,
    start text not null,
    include text[] not null,
    exclude text[] not null,
    max_depth int not null,
    max_pages int not null,
    discovery text not null check (discovery in ('BOTH', 'LINKS', 'SITEMAPS')),
    -- How long after the beginning of a crawl the next one begins; null: never.
    crawl_interval interval,
    revision bigint not null,
    -- Its newest crawl; empty before the first one.
    crawl text not null default '',
    next_crawl timestamptz,
    -- It is shown no more, and its job deletes its documents.
    deleted boolean not null default false,
    created timestamptz not null,
    updated timestamptz not null,
    primary key (organization, id),
    unique (organization, request_id)
) with (fillfactor = 70);

-- Readings of a site, the newest ten.
create table crawl (
    organization text not null,
    site text not null,
    id text not null,
    -- Empty: it began by the site's interval.
    request_id text not null,
    state text not null check (state in ('PENDING', 'RUNNING', 'SUCCEEDED', 'FAILED', 'CANCELLED')),
    problem_reason text not null default '',
    problem_message text not null default '',
    notices text[] not null default '{}',
    -- How many addresses have each state, and of the skipped ones each reason.
    counts jsonb not null default '{}',
    skips jsonb not null default '{}',
    -- The number of the newest result.
    position bigint not null default 0,
    -- The rules of robots.txt for us, as JSON; null: not read yet.
    robots text,
    robots_tries int not null default 0,
    -- Pages in a row that failed for their server's sake.
    failures int not null default 0,
    -- Not everything was reached, so that a page that was not found may be there all the same.
    incomplete boolean not null default false,
    created timestamptz not null,
    started timestamptz,
    ended timestamptz,
    primary key (organization, site, id)
) with (fillfactor = 70);

-- The addresses of a crawl, pages and sitemaps, in the order in which they were found: those that wait are what is to be read.
create table crawl_page (
    organization text not null,
    site text not null,
    crawl text not null,
    -- A hash of what the addresses of one page have alike.
    id text not null,
    number bigint generated always as identity,
    kind text not null check (kind in ('page', 'sitemap')),
    address text not null,
    -- The address without its query, where it has one.
    variant_of text not null,
    found_on text not null,
    depth int not null,
    state text not null,
    tries int not null default 0,
    reason text not null default '',
    message text not null default '',
    document text not null default '',
    read timestamptz,
    -- The number of its result; 0: none yet.
    position bigint not null default 0,
    primary key (organization, site, crawl, id)
) with (fillfactor = 70);

create index crawl_page_in_order on crawl_page (organization, site, crawl, number);
create index crawl_page_waiting on crawl_page (organization, site, crawl, kind desc, tries, depth, number)
    where state = 'WAITING';
create index crawl_page_results on crawl_page (organization, site, crawl, position) where position > 0;
create index crawl_page_variants on crawl_page (organization, site, crawl, md5(variant_of)) where variant_of <> '';

-- The pages of a site that were read: what the next crawl compares them with.
create table site_page (
    organization text not null,
    site text not null,
    id text not null,
    address text not null,
    document text not null,
    -- What the server sent with the page, to ask for it only if it changed.
    etag text not null,
    modified text not null,
    -- A hash of the page's text.
    digest text not null,
    -- The links on it that lead to the site.
    links text[] not null,
    -- In how many crawls in a row the page was missing.
    missing int not null default 0,
    primary key (organization, site, id)
) with (fillfactor = 70);

create index site_page_by_digest on site_page (organization, site, digest);

-- When a host may be asked again, by crawls of all organizations: one request at a time, and a pause after it.
create table host_pace (
    host text primary key,
    free timestamptz not null
) with (fillfactor = 70);
