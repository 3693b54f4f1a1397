create table customer (
    organization text not null,
    id text not null,
    display_name text not null default '',
    locale text not null default '',
    created timestamptz not null default clock_timestamp(),
    updated timestamptz not null default clock_timestamp(),
    primary key (organization, id)
);

create index customer_by_update on customer (organization, updated desc, id desc);

create table address (
    organization text not null,
    kind text not null,
    value text not null,
    customer text not null,
    primary key (organization, kind, value),
    foreign key (organization, customer) references customer (organization, id) on delete cascade
);

create index address_by_customer on address (organization, customer);

create table conversation (
    organization text not null,
    id text not null,
    customer text not null,
    channel text not null,
    -- Where the customer writes from: with the channel, what an incoming message is matched by.
    address_kind text not null,
    address_value text not null,
    state text not null check (state in ('AUTOMATED', 'WAITING', 'ASSIGNED', 'CLOSED')),
    agent text,
    agent_display_name text not null default '',
    epoch bigint not null default 1,
    last_seq bigint not null default 0,
    last_customer_seq bigint not null default 0,
    tags text[] not null default '{}',
    handover_reason text not null default '',
    revision bigint not null default 0,
    created timestamptz not null default clock_timestamp(),
    updated timestamptz not null default clock_timestamp(),
    primary key (organization, id),
    foreign key (organization, customer) references customer (organization, id),
    check ((state = 'ASSIGNED') = (agent is not null))
);

create unique index conversation_by_address on conversation (organization, channel, address_kind, address_value);
create index conversation_by_update on conversation (organization, updated desc, id desc);

create table turn (
    organization text not null,
    id text not null,
    conversation text not null,
    state text not null check (state in ('PENDING', 'RUNNING', 'DONE', 'SUPERSEDED', 'CANCELLED', 'FAILED')),
    epoch bigint not null,
    answers_seq bigint not null,
    attempt int not null,
    supersedes int not null,
    due timestamptz not null,
    -- By the database's clock: a worker that is slower than this has lost the turn.
    lease_until timestamptz,
    assistant text not null default '',
    input_tokens int not null default 0,
    output_tokens int not null default 0,
    recalled jsonb not null default '[]',
    error text not null default '',
    created timestamptz not null,
    finished timestamptz,
    primary key (organization, id),
    foreign key (organization, conversation) references conversation (organization, id) on delete cascade
);

-- The assistant owes a conversation one answer at a time. A statement that ends one turn and begins the next writes the ended
-- one first.
create unique index turn_open on turn (organization, conversation) where state in ('PENDING', 'RUNNING');
create index turn_of_conversation on turn (organization, conversation, id desc);
create index turn_due on turn (due) where state = 'PENDING';
create index turn_leased on turn (lease_until) where state = 'RUNNING';

create table message (
    organization text not null,
    conversation text not null,
    seq bigint not null,
    id text not null,
    role text not null check (role in ('CUSTOMER', 'ASSISTANT', 'AGENT')),
    author text not null,
    author_display_name text not null,
    kind text not null,
    text text not null,
    markdown boolean not null,
    note boolean not null,
    sources jsonb not null,
    turn text,
    epoch bigint not null,
    -- Where it came from, with the id it had there: a provider's or a client's repetition, and a turn's second reply, collide here.
    source text not null,
    request_id text not null,
    created timestamptz not null,
    primary key (organization, conversation, seq),
    foreign key (organization, conversation) references conversation (organization, id) on delete cascade
);

create unique index message_by_source on message (organization, source);
create unique index message_by_id on message (organization, id);
