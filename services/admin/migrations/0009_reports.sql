-- Reports: a projection of core's journal. It holds ids, times and numbers, no one's words.

-- The memory of a conversation that is needed to measure its next fact.
create table report_conversation (
    organization text not null,
    conversation text not null,
    channel text not null default '',
    -- As they are now.
    tags text[] not null default '{}',
    -- The fold of its facts: see the domain's Story.
    story jsonb not null,
    primary key (organization, conversation)
);

-- Each measurement: what the sums are made of, and what leads from a number to the conversations that it counts.
create table report_fact (
    organization text not null,
    conversation text not null,
    measure text not null,
    key text not null,
    at timestamptz not null,
    channel text not null,
    agent text not null,
    bin smallint not null,
    value bigint not null,
    primary key (organization, conversation, measure, key)
);
create index report_fact_by_time on report_fact (organization, measure, at);

-- The measurements of each quarter of an hour: in every time zone, hours and days begin at one. `bin`: of durations, the bin of
-- their histogram; otherwise 0.
create table report_sum (
    organization text not null,
    measure text not null,
    quarter timestamptz not null,
    channel text not null,
    agent text not null,
    bin smallint not null,
    count bigint not null,
    total bigint not null,
    primary key (organization, measure, quarter, channel, agent, bin)
) with (fillfactor = 50);

-- Until when the facts of a shard up to a position were all, as the follower of core's journal learned.
create table report_progress (
    shard smallint primary key,
    position bigint not null,
    at timestamptz not null
) with (fillfactor = 50);

do $$
declare
    name text;
begin
    foreach name in array array['report_conversation', 'report_fact', 'report_sum'] loop
        execute format('alter table %I enable row level security', name);
        execute format('alter table %I force row level security', name);
        execute format(
            'create policy one_organization on %I using (current_setting(''frontdesk.organization'', true) in (organization, ''*''))',
            name
        );
    end loop;
end
$$;
