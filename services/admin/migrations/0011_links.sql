-- A one-time link works only while its maker may make it.

alter table one_time_link
    -- The actor who made it. Empty: a version made it that did not store this; then it resets no password.
    add column maker text not null default '',
    -- The permission by which it was made, which its maker must still have. Empty: by a service.
    add column permission text not null default '',
    -- For good: its maker, or the user whose password it resets, was deactivated.
    add column revoked boolean not null default false;

create index one_time_link_maker on one_time_link (organization, maker);
