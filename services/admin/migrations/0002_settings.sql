-- Settings in versions, an organization's own roles, and credentials, whose secrets are sealed.

create table setting (
    organization text not null references organization (id),
    id text not null,
    published int,
    draft int,
    updated timestamptz,
    revision bigint not null default 0,
    last int not null default 0,
    primary key (organization, id)
);

create table setting_version (
    organization text not null,
    setting text not null,
    number int not null,
    value jsonb not null,
    author text not null,
    comment text not null,
    created timestamptz not null,
    published timestamptz,
    primary key (organization, setting, number),
    foreign key (organization, setting) references setting (organization, id) on delete cascade
);

create index setting_version_draft on setting_version (created) where published is null;

create table role (
    organization text not null references organization (id),
    id text not null,
    display_name text not null,
    description text not null,
    permissions text[] not null,
    request_id text check (request_id <> ''),
    created timestamptz not null,
    updated timestamptz not null,
    revision bigint not null,
    primary key (organization, id),
    unique (organization, request_id)
);

create table credential (
    organization text not null references organization (id),
    id text not null,
    display_name text not null,
    service text not null check (service in ('ADMIN', 'AGENT', 'CHANNEL', 'CORE', 'MEMORY')),
    base_url text not null,
    kind text not null,
    details jsonb not null,
    sealed bytea not null,
    request_id text check (request_id <> ''),
    number bigint not null,
    secret_time timestamptz not null,
    expires timestamptz,
    created timestamptz not null,
    updated timestamptz not null,
    revision bigint not null,
    primary key (organization, id),
    unique (organization, request_id)
);

do $$
declare
    name text;
begin
    foreach name in array array['setting', 'setting_version', 'role', 'credential'] loop
        execute format('alter table %I enable row level security', name);
        execute format('alter table %I force row level security', name);
        execute format(
            'create policy one_organization on %I using (current_setting(''frontdesk.organization'', true) in (organization, ''*''))',
            name
        );
    end loop;
end
$$;
