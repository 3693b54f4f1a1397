-- Turns that wait, by organization: a claim takes some of each, however many one of them has.
create index turn_waiting on turn (organization, due) where state = 'PENDING';
drop index turn_due;

-- What an organization's assistant has used on a day of its time zone: calls that have ended, and the most of those under way.
create table spending (
    organization text not null,
    day date not null,
    tokens bigint not null,
    -- Millionths of the price list's currency.
    micros bigint not null,
    primary key (organization, day)
) with (fillfactor = 50);

-- Time zones of organizations, as admin tells them; where there is none, it is UTC.
create table organization_zone (
    organization text primary key,
    time_zone text not null
);

-- Since when a customer is blocked: what they write is stored, and starts nothing.
alter table customer add column blocked timestamptz;
create index conversation_of_customer on conversation (organization, customer);
alter table conversation add column blocked boolean not null default false;
