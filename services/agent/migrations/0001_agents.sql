-- Agents and what they chose to be; what others see of it is kept here too, so that every screen is told the same.
create table agent (
    organization text not null,
    id text not null,
    display_name text not null,
    skills text[] not null,
    capacity int not null check (capacity between 0 and 100),
    chosen text not null check (chosen in ('ONLINE', 'AWAY', 'OFFLINE')),
    shown text not null check (shown in ('ONLINE', 'AWAY', 'OFFLINE')),
    away_reason text not null,
    since timestamptz not null,
    created timestamptz not null,
    updated timestamptz not null,
    version bigint not null,
    primary key (organization, id)
);

create index agent_by_name on agent (organization, display_name, id);
create index agent_present on agent (organization, id) where shown <> 'OFFLINE';

create table queue (
    organization text not null,
    id text not null,
    display_name text not null,
    rules jsonb not null,
    rank int not null,
    skills text[] not null,
    accept_target interval,
    created timestamptz not null,
    updated timestamptz not null,
    version bigint not null,
    request_id text,
    primary key (organization, id),
    unique (organization, request_id)
);

-- One row per conversation that ever needed an agent. Its lock orders whatever happens to the conversation here.
create table custody (
    organization text not null,
    conversation text not null,
    epoch bigint not null default 0,
    primary key (organization, conversation)
);

create table handover (
    organization text not null,
    id text not null,
    conversation text not null,
    queue text not null,
    state text not null check (state in ('PENDING', 'ACCEPTED', 'WITHDRAWN')),
    reason text not null,
    customer_display_name text not null,
    channel text not null,
    preview text not null,
    created timestamptz not null,
    due timestamptz,
    agent text,
    agent_display_name text not null,
    declined_by text[] not null,
    ended timestamptz,
    primary key (organization, id),
    check ((state = 'PENDING') = (ended is null))
);

-- A conversation waits at most once.
create unique index handover_pending on handover (organization, conversation) where state = 'PENDING';
create index handover_of_conversation on handover (organization, conversation, created desc);
create index handover_waiting on handover (organization, created, id) where state = 'PENDING';

create table assignment (
    organization text not null,
    id text not null,
    conversation text not null,
    agent text not null,
    agent_display_name text not null,
    customer_display_name text not null,
    channel text not null,
    epoch bigint not null,
    preview text not null,
    unanswered int not null,
    started timestamptz not null,
    ended timestamptz,
    cause text check (cause in ('TRANSFERRED', 'RETURNED', 'RESOLVED')),
    messaged timestamptz,
    primary key (organization, id),
    unique (organization, conversation, epoch),
    check ((ended is null) = (cause is null))
);

-- At most one agent has a conversation.
create unique index assignment_open on assignment (organization, conversation) where ended is null;
create index assignment_of_agent on assignment (organization, agent) where ended is null;

create table canned_reply (
    organization text not null,
    id text not null,
    shortcut text not null,
    text text not null,
    created timestamptz not null,
    updated timestamptz not null,
    version bigint not null,
    request_id text,
    primary key (organization, id),
    constraint canned_reply_shortcut unique (organization, shortcut),
    unique (organization, request_id)
);
