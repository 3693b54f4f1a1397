-- What customers are known by. Kind, scope and value name one customer among the verified ones; the others are claims.
create table identity (
    organization text not null,
    customer text not null,
    kind text not null check (kind in ('EMAIL', 'PHONE', 'WHATSAPP_USER', 'EXTERNAL_ID', 'BROWSER')),
    scope text not null default '',
    value text not null,
    verified timestamptz,
    source text not null,
    created timestamptz not null default clock_timestamp(),
    primary key (organization, customer, kind, scope, value),
    foreign key (organization, customer) references customer (organization, id) on delete cascade
);
create unique index identity_verified on identity (organization, kind, scope, value) where verified is not null;
create index identity_value on identity (organization, lower(value));

insert into identity (organization, customer, kind, value, verified, source)
select organization, customer,
    case when kind = 'WHATSAPP' then 'WHATSAPP_USER' when kind = 'BROWSER' and value like 'id:%' then 'EXTERNAL_ID' else kind end,
    case when kind = 'BROWSER' and value like 'id:%' then substr(value, 4) else value end, clock_timestamp(),
    case when kind = 'WHATSAPP' then 'PROVIDER' when value like 'id:%' then 'SIGNED_TOKEN' else 'SESSION' end
from address;
drop table address;

alter table customer
    -- Counts the changes of the record: its etag.
    add column revision bigint not null default 1,
    -- The record that has its identities and conversations.
    add column merged_into text,
    add column merged timestamptz,
    -- The record that its identities were taken out of.
    add column split_from text,
    add column erased timestamptz;
create index customer_merged on customer (organization, merged_into) where merged_into is not null;

-- What a merge moved, so that it can be undone. A merge that was undone has no rows.
create table merged_identity (
    organization text not null,
    duplicate text not null,
    kind text not null,
    scope text not null,
    value text not null,
    verified timestamptz,
    source text not null,
    -- Whether the surviving record had it too.
    shared boolean not null,
    primary key (organization, duplicate, kind, scope, value),
    foreign key (organization, duplicate) references customer (organization, id) on delete cascade
);
create table merged_conversation (
    organization text not null,
    duplicate text not null,
    conversation text not null,
    primary key (organization, duplicate, conversation),
    foreign key (organization, duplicate) references customer (organization, id) on delete cascade
);

alter table conversation
    add column address_scope text not null default '',
    add column address_verified boolean not null default true,
    -- Whether it is the one that goes on when somebody writes from its address.
    add column receives boolean not null default true,
    -- Which of the conversations at an address: '' for a chat, the first message's id for a mail thread.
    add column thread_key text not null default '',
    add column subject text not null default '',
    add column priority text not null default 'NORMAL' check (priority in ('LOW', 'NORMAL', 'HIGH', 'URGENT')),
    add column language text not null default '',
    add column erased timestamptz;
update conversation set
    address_kind = case when address_kind = 'WHATSAPP' then 'WHATSAPP_USER' when address_value like 'id:%' then 'EXTERNAL_ID'
        else address_kind end,
    address_value = case when address_kind = 'BROWSER' and address_value like 'id:%' then substr(address_value, 4)
        else address_value end;
drop index conversation_by_address;
create unique index conversation_by_address on conversation (
    organization, channel, address_kind, address_scope, address_value, address_verified, thread_key
) where receives;

-- What was said is gone, and its place is kept.
alter table message add column erased boolean not null default false;

-- Receipts of erasures: numbers and ids alone.
create table erasure (
    organization text not null,
    customer text not null,
    created timestamptz not null default clock_timestamp(),
    customers int not null default 1,
    conversations bigint not null default 0,
    messages bigint not null default 0,
    primary key (organization, customer)
);
create index erasure_listed on erasure (organization, created desc, customer desc);
create table erasure_confirmation (
    organization text not null,
    customer text not null,
    store text not null,
    finished timestamptz,
    primary key (organization, customer, store),
    foreign key (organization, customer) references erasure (organization, customer) on delete cascade
);
create index erasure_open on erasure_confirmation (store, organization) where finished is null;
