-- Who wrote, for a provider's message: core finds the conversation by it, and `conversation` holds the channel and address that it
-- came from, by which its sender's messages are kept in order.
alter table inbound add column sender jsonb;

-- What leaves by a provider, a row for each part of a message. States: 1 queued, 2 sending, 3 sent, 4 delivered, 5 read, 6 failed,
-- 7 unknown, 8 cancelled.
create table delivery (
    id text primary key,
    organization text not null,
    channel text not null,
    conversation text not null,
    message text not null,
    seq bigint not null,
    part smallint not null,
    recipient text not null,
    fenced boolean not null,
    text text not null,
    state smallint not null default 1,
    provider_id text,
    problem text not null default '',
    attempts int not null default 0,
    looks int not null default 0,
    -- When it was last handed to the provider; when something is to be done about it next.
    begun timestamptz,
    due timestamptz not null default clock_timestamp(),
    retry_request text,
    -- Provider's ids of attempts before a retry: what is still told of them changes nothing.
    earlier text[] not null default '{}',
    created timestamptz not null default clock_timestamp(),
    updated timestamptz not null default clock_timestamp(),
    unique (organization, message, part)
);
-- Of a conversation one delivery is on the wire: that keeps the order.
create unique index delivery_on_the_wire on delivery (organization, conversation) where state in (2, 7);
create index delivery_open on delivery (organization, conversation, seq, part) where state in (1, 2, 7);
create index delivery_due on delivery (due) where state in (1, 2, 7);
create unique index delivery_provider_id on delivery (organization, channel, provider_id);
create index delivery_listed on delivery (organization, created desc, id desc);
create index delivery_of_conversation on delivery (organization, conversation, created desc, id desc);

-- How far back the past of a provider's channel is stored: everything before `watermark` is.
create table poll (
    organization text not null,
    channel text not null,
    watermark timestamptz not null,
    began timestamptz not null,
    primary key (organization, channel),
    foreign key (organization, channel) references channel on delete cascade
);
