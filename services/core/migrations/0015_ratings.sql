-- A customer's opinion of a conversation, and how far they have read it. Reading on changes no revision: it is no fact, and
-- nothing is decided on it.
alter table conversation add column rating smallint check (rating between 1 and 5);
alter table conversation add column rating_comment text not null default '';
alter table conversation add column rated timestamptz;
alter table conversation add column customer_read_seq bigint not null default 0;
