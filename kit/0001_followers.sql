-- Who follows the journals of others, for each source: the replicas that live share its shards. Unlogged: it is only about now.
create unlogged table follower (
    source text not null,
    id text not null,
    lease_until timestamptz not null,
    primary key (source, id)
);
