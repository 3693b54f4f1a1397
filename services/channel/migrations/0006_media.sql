-- Files that customers and agents send; their bytes are in a folder or an S3 bucket. States: 1 uploading, 2 ready, 3 rejected.
create table media (
    organization text not null,
    id text not null,
    -- Empty: of the organization alone.
    conversation text not null,
    uploader text not null,
    counted_by text not null,
    request_id text not null,
    file_name text not null,
    declared_type text not null,
    media_type text not null default '',
    size bigint not null,
    -- Hexadecimal; empty until the bytes are complete.
    sha256 text not null default '',
    state smallint not null default 1,
    -- Which request may change the bytes of an uploading file, and until when.
    holder text,
    lease timestamptz,
    created timestamptz not null,
    expires timestamptz,
    primary key (organization, id),
    unique (organization, uploader, request_id)
);
create index media_unfinished on media (organization, counted_by) where state = 1;
create index media_expires on media (expires) where expires is not null;

-- How many bytes were announced in a day (UTC), by an organization (owner: empty) and by each of its customers.
create table media_day (
    organization text not null,
    day date not null,
    owner text not null,
    bytes bigint not null,
    primary key (organization, day, owner)
);
create index media_day_old on media_day (day);
