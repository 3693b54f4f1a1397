-- The conversation's epoch in which a message was received, as core tells it.
alter table inbound add column epoch bigint not null default 0;
