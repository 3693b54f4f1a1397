-- Secrets of credentials that channel uses, sealed under channel's own key. admin says which there are.
create table secret (
    organization text not null,
    credential text not null,
    number bigint not null,
    sealed bytea not null,
    primary key (organization, credential)
);

-- Mails that wait to be sent, and for a week those that were: a repeated `request_id` queues nothing again. `sealed` holds what the
-- mail says and to whom; it is null once the mail server has accepted the mail.
create table mail (
    organization text not null,
    id text not null,
    request_id text not null,
    kind text not null,
    sealed bytea,
    customer text not null,
    expires timestamptz not null,
    begun timestamptz,
    created timestamptz not null default clock_timestamp(),
    primary key (organization, id),
    unique (organization, request_id)
);
create index mail_of_customer on mail (organization, customer) where customer <> '';
create index mail_created on mail (created);

-- The address that a customer of web chats left; sealed. `digest` compares it.
create table mail_address (
    organization text not null,
    customer text not null,
    digest text not null,
    sealed bytea not null,
    language text not null,
    confirmed timestamptz,
    created timestamptz not null default clock_timestamp(),
    primary key (organization, customer)
);
create index mail_address_unconfirmed on mail_address (created) where confirmed is null;

-- The conversations whose answers are mailed, and the session that asked for it: a link in an answer resumes it.
create table mail_conversation (
    organization text not null,
    conversation text not null,
    customer text not null,
    channel text not null,
    session text not null,
    primary key (organization, conversation),
    foreign key (organization, customer) references mail_address on delete cascade
);
create index mail_conversation_of_customer on mail_conversation (organization, customer);

-- Links in mails to customers, by the hashes of their secrets.
create table mail_link (
    organization text not null,
    id text not null,
    purpose text not null,
    hash bytea not null,
    customer text not null,
    channel text not null,
    session text not null,
    conversation text not null,
    digest text not null,
    expires timestamptz not null,
    used timestamptz,
    primary key (organization, id),
    foreign key (organization, customer) references mail_address on delete cascade
);
create index mail_link_of_customer on mail_link (organization, customer);
create index mail_link_of_conversation on mail_link (organization, conversation);
create index mail_link_expires on mail_link (expires);
