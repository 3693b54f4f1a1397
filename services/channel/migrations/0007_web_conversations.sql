-- Who takes part in which conversation of a web chat, as core has said: known here, so that a message is stored also while core is
-- unavailable. What is missing here is asked for at core.
create table web_conversation (
    organization text not null,
    id text not null,
    channel text not null,
    customer text not null,
    created timestamptz not null default clock_timestamp(),
    primary key (organization, id),
    foreign key (organization, channel) references channel on delete cascade
);
create index web_conversation_of_customer on web_conversation (organization, channel, customer, created desc);

-- A session names its customer, who has several conversations. Sessions of before can't say whose the identity was: browsers open
-- new ones.
delete from session;
alter table session
    drop column conversation,
    drop column identified,
    -- The business's own id of the customer; empty for an anonymous one. `customer` is empty after a merge or a split.
    add column subject text not null;
create index session_of_customer on session (organization, customer);
