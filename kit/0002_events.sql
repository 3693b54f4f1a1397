-- Facts as the bytes of the contract's `Event`, with columns for what followers filter by. Those of before were JSON that held
-- customers' texts: they are not read any more.
do $$
begin
    if exists (select from event) then
        raise exception using errcode = 'FD001', message = 'The journal was written by an older version of Frontdesk.';
    end if;
end $$;

drop table event;

create table event (
    shard smallint not null,
    position bigint not null,
    organization text not null,
    kind text not null,
    subject text not null,
    labels text[] not null,
    payload bytea not null,
    created timestamptz not null default clock_timestamp(),
    primary key (shard, position)
);

-- Up to where the shard's events were deleted, behind a snapshot of the verification.
alter table shard add column deleted bigint not null default 0;

-- Up to where a verification has compared the journal with what it tells of, and what it needs to go on from there.
create table verification (
    name text not null,
    shard smallint not null,
    position bigint not null,
    moment timestamptz not null,
    state jsonb not null,
    primary key (name, shard)
);
