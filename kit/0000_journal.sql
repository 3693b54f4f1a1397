-- The journal: what happened here, for others to follow. An organization's events lie in one shard, in the order of commits.
create table shard (
    shard smallint primary key,
    position bigint not null default 0
);

insert into shard (shard) select generate_series(0, 63);

create table event (
    shard smallint not null,
    position bigint not null,
    organization text not null,
    kind text not null,
    payload jsonb not null,
    trace text not null default '',
    created timestamptz not null default clock_timestamp(),
    primary key (shard, position)
);

-- How far this service has followed the journals of others, moved in the transaction of the effect.
create table cursor (
    source text not null,
    shard smallint not null,
    position bigint not null,
    primary key (source, shard)
);
