-- Organizations that are deleted: until when they can be restored, and to which state; and the receipts of their erasure.
alter table organization drop constraint organization_state_check;
alter table organization
    add check (state in ('ACTIVE', 'SUSPENDED', 'DELETING', 'ERASING')),
    add column purge timestamptz,
    add column restored text not null default 'ACTIVE' check (restored in ('ACTIVE', 'SUSPENDED'));

-- Kept forever, so that an id is never given to another organization. It has the id alone.
create table organization_erasure (
    id text primary key,
    created timestamptz not null default clock_timestamp()
);

create table organization_erasure_confirmation (
    erasure text not null references organization_erasure (id),
    service text not null,
    finished timestamptz,
    count bigint not null default 0,
    primary key (erasure, service)
);
