-- What this service has copied of other services' journals, one fact for each key: see kit/feeds.py. `cursor` says how far.
create table feed_fact (
    feed text not null,
    key text not null,
    shard smallint not null,
    position bigint not null,
    fact bytea not null,
    created timestamptz not null,
    primary key (feed, key)
);

create index feed_fact_age on feed_fact (feed, created);

-- When a process of this service last followed a feed, and when it last heard from it.
create unlogged table feed (
    name text primary key,
    watched timestamptz not null,
    heard timestamptz not null
);
