-- Other services that follow this journal, and up to where they have come: what they have not passed is not deleted.
create table journal_follower (
    follower text not null,
    shard smallint not null,
    position bigint not null,
    seen timestamptz not null,
    primary key (follower, shard)
);

-- Which facts before `shard.deleted` are kept: the newest of each state and subject.
create table kept_event (
    shard smallint not null,
    state text not null,
    subject text not null,
    position bigint not null,
    primary key (shard, state, subject)
);
