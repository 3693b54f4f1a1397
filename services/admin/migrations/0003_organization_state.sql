-- Whether an organization's people and customers may do anything.
alter table organization add column state text not null default 'ACTIVE' check (state in ('ACTIVE', 'SUSPENDED'));
