-- Whether the assistant answers what comes in by a channel.
alter table channel add column assistant_off boolean not null default false;

-- Who is to answer a received message: 0 the assistant, 1 the agents, 2 nobody.
alter table inbound add column responder smallint not null default 0;

-- Customers whom agents or admins have blocked, as core tells them.
create table blocked_customer (
    organization text not null,
    customer text not null,
    primary key (organization, customer)
);
