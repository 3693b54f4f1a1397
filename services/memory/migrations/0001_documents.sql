-- Documents: everything about each but its text, which MongoDB keeps under the ids in `content` and `edition`.
create table document (
    organization text not null,
    id text not null,
    request_id text not null,
    title text not null,
    -- False: the title is read from the content.
    title_given boolean not null,
    uri text not null,
    source text not null check (source in ('text', 'file', 'web')),
    media_type text not null,
    file_name text not null,
    source_uri text not null,
    -- The id of its content in MongoDB; empty: a web page, which is fetched.
    content text not null,
    size bigint not null,
    -- Counts the changes and reindexings; 1 after creation.
    revision bigint not null,
    state text not null check (state in ('PENDING', 'INDEXING', 'READY', 'FAILED')),
    attempt int not null,
    passages_total int not null,
    passages_embedded int not null,
    failure_reason text not null,
    failure_message text not null,
    failed timestamptz,
    -- The published passages: their id in MongoDB, and what they were made of; empty and 0 before the first success.
    edition text not null,
    indexed_revision bigint not null,
    passage_count int not null,
    embedding_model text not null,
    indexed timestamptz,
    -- The organization's knowledge version at which the published passages last changed.
    version bigint not null,
    created timestamptz not null,
    updated timestamptz not null,
    primary key (organization, id),
    unique (organization, request_id)
) with (fillfactor = 70);

create index document_by_time on document (organization, created desc, id desc);
create index document_by_version on document (organization, version) where edition <> '';
create index document_by_model on document (embedding_model) where edition <> '';
create unique index document_edition on document (edition) where edition <> '';

-- What an organization knows, in numbers. Its row orders the changes of what can be found.
create table knowledge (
    organization text primary key,
    documents int not null default 0,
    -- Grows with each change of the published passages.
    version bigint not null default 0,
    passages int not null default 0
) with (fillfactor = 70);

-- How far each index of vectors has taken over an organization's knowledge.
create table synced (
    organization text not null,
    -- Names the index and its embedding model.
    index text not null,
    version bigint not null,
    primary key (organization, index)
);

-- Editions that were published until a version, for the indexes of vectors that still hold them.
create table removal (
    organization text not null,
    version bigint not null,
    edition text not null,
    passages int not null,
    primary key (organization, version, edition)
);

-- Texts in MongoDB that no document refers to: reserved before they are written, adopted by the row that publishes them, and
-- released when it no longer does. The sweeper deletes them when they are due.
create table orphan (
    id text primary key,
    kind text not null check (kind in ('content', 'edition')),
    organization text not null,
    document text not null,
    due timestamptz not null
);

create index orphan_due on orphan (due);
create index orphan_of_document on orphan (organization, document);
