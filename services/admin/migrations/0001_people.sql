-- Who belongs to an organization and how they sign in. Passwords as argon2id hashes; refresh tokens and API keys as SHA-256.

create table organization (
    id text primary key,
    display_name text not null,
    language text not null,
    time_zone text not null,
    request_id text not null,
    created timestamptz not null,
    updated timestamptz not null,
    revision bigint not null
);

create table organization_user (
    organization text not null references organization (id),
    id text not null,
    email text not null check (email = lower(email)),
    display_name text not null,
    roles text[] not null,
    state text not null check (state in ('ACTIVE', 'DEACTIVATED')),
    password_hash text not null,
    request_id text check (request_id <> ''),
    created timestamptz not null,
    updated timestamptz not null,
    login timestamptz,
    revision bigint not null,
    primary key (organization, id),
    unique (organization, email),
    unique (organization, request_id)
);

create index organization_user_age on organization_user (organization, created, id);

create table session (
    organization text not null,
    id text primary key,
    user_id text not null,
    created timestamptz not null,
    expires timestamptz not null,
    ended timestamptz,
    foreign key (organization, user_id) references organization_user (organization, id) on delete cascade
);

create index session_of_user on session (organization, user_id);
create index session_end on session (least(expires, ended));

create table refresh_token (
    organization text not null,
    hash bytea primary key check (length(hash) = 32),
    session text not null references session (id) on delete cascade,
    number int not null,
    expires timestamptz not null,
    replaced timestamptz,
    nonce bytea not null default '',
    unique (session, number)
);

create table api_key (
    organization text not null,
    id text not null,
    hash bytea not null unique check (length(hash) = 32),
    display_name text not null,
    scopes text[] not null,
    tier text not null check (tier in ('BASIC', 'STANDARD', 'PREMIUM')),
    hint text not null,
    creator text not null,
    request_id text check (request_id <> ''),
    created timestamptz not null,
    expires timestamptz not null,
    used timestamptz,
    revoked timestamptz,
    primary key (organization, id),
    unique (organization, request_id),
    foreign key (organization, creator) references organization_user (organization, id) on delete cascade
);

create index api_key_age on api_key (organization, created, id);

-- Attempts to sign in, counted here while Redis is away: until when a key's bucket is filled. May be lost.
create unlogged table attempt (
    key text primary key,
    until timestamptz not null
);

-- The second wall between organizations: a transaction sees the organization it has named, `*` sees all, and none sees nothing.
-- The first wall is that every statement names the organization itself.
do $$
declare
    name text;
begin
    foreach name in array array['organization_user', 'session', 'refresh_token', 'api_key'] loop
        execute format('alter table %I enable row level security', name);
        execute format('alter table %I force row level security', name);
        execute format(
            'create policy one_organization on %I using (current_setting(''frontdesk.organization'', true) in (organization, ''*''))',
            name
        );
    end loop;
end
$$;
