-- Connections to customers. `credentials` is sealed by the application; the database never sees them in clear.
create table channel (
    organization text not null,
    id text not null,
    kind text not null,
    state text not null,
    display_name text not null,
    config jsonb not null,
    credentials bytea,
    request_id text,
    version integer not null default 1,
    created timestamptz not null,
    updated timestamptz not null,
    primary key (organization, id)
);
create unique index channel_request on channel (organization, request_id);

-- A browser's way back to its conversation.
create table session (
    id text primary key,
    organization text not null,
    channel text not null,
    conversation text not null,
    customer text not null,
    display_name text not null,
    identified boolean not null,
    created timestamptz not null,
    expires timestamptz not null,
    foreign key (organization, channel) references channel on delete cascade
);
create index session_expires on session (expires);
create index session_channel on session (organization, channel);

-- Every secret a session was given, as a hash; `parent` is what it was given in exchange for.
create table session_secret (
    session text not null references session on delete cascade,
    hash bytea not null,
    parent bytea,
    used timestamptz,
    created timestamptz not null,
    primary key (session, hash)
);
create index session_secret_parent on session_secret (session, parent);

-- What was received, until core has it. States: 0 pending, 1 forwarded, 2 refused, 3 dead.
create table inbound (
    id bigint generated always as identity primary key,
    organization text not null,
    channel text not null,
    source_id text not null,
    conversation text not null,
    request_id text not null,
    text text not null,
    digest bytea not null,
    state smallint not null default 0,
    attempts smallint not null default 0,
    problem text not null default '',
    message text not null default '',
    seq bigint not null default 0,
    accepted timestamptz,
    created timestamptz not null default clock_timestamp(),
    next_attempt timestamptz not null default clock_timestamp() + interval '10 seconds',
    unique (organization, channel, source_id)
) with (fillfactor = 80);
create index inbound_pending on inbound (organization, conversation, id) where state = 0;
create index inbound_stuck on inbound (organization, id) where state >= 2;
create index inbound_age on inbound using brin (created);
