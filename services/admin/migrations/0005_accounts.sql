-- One-time links, invitations, second factors, what a session shows of itself, and older secrets of API keys.

-- Tokens as SHA-256. A link to the first organization has none yet: its organization is empty.
create table one_time_link (
    organization text not null,
    hash bytea primary key check (length(hash) = 32),
    kind text not null check (kind in ('SETUP', 'INVITATION', 'PASSWORD_RESET')),
    subject text not null,
    created timestamptz not null,
    expires timestamptz not null,
    used timestamptz,
    clears_second_factor boolean not null default false
);

create index one_time_link_subject on one_time_link (organization, kind, subject);
create index one_time_link_end on one_time_link (expires);

create table invitation (
    organization text not null references organization (id),
    id text not null,
    email text not null check (email = lower(email)),
    display_name text not null,
    roles text[] not null,
    state text not null check (state in ('PENDING', 'ACCEPTED', 'REVOKED')),
    inviter text not null,
    created timestamptz not null,
    expires timestamptz not null,
    ended timestamptz,
    user_id text not null default '',
    request_id text check (request_id <> ''),
    primary key (organization, id),
    unique (organization, request_id)
);

create unique index invitation_pending on invitation (organization, email) where state = 'PENDING';
create index invitation_age on invitation (organization, created, id);
create index invitation_end on invitation (ended);

-- The secret of the authenticator app, sealed; recovery codes as SHA-256.
create table second_factor (
    organization text not null,
    user_id text not null,
    sealed bytea not null,
    created timestamptz not null,
    confirmed timestamptz,
    step bigint not null,
    recovery bytea[] not null,
    primary key (organization, user_id),
    foreign key (organization, user_id) references organization_user (organization, id) on delete cascade
);

alter table session
    add column user_agent text not null default '',
    add column address text not null default '',
    add column used timestamptz,
    add column second_factor boolean not null default false;

alter table api_key add column rotated timestamptz, add column previous_expires timestamptz;

create table api_key_secret (
    organization text not null,
    api_key text not null,
    hash bytea primary key check (length(hash) = 32),
    expires timestamptz not null,
    foreign key (organization, api_key) references api_key (organization, id) on delete cascade
);

create index api_key_secret_of_key on api_key_secret (organization, api_key);

do $$
declare
    name text;
begin
    foreach name in array array['one_time_link', 'invitation', 'second_factor', 'api_key_secret'] loop
        execute format('alter table %I enable row level security', name);
        execute format('alter table %I force row level security', name);
        execute format(
            'create policy one_organization on %I using (current_setting(''frontdesk.organization'', true) in (organization, ''*''))',
            name
        );
    end loop;
end
$$;
