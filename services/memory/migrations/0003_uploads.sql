-- Uploaded files that no document uses yet: each is a content that is reserved for a day. The document that uses it ends the
-- reservation, and otherwise the sweeper does.
create table upload (
    id text primary key references orphan (id) on delete cascade,
    organization text not null,
    file_name text not null,
    media_type text not null,
    size bigint not null
);

-- Parts of the published revision that could not be read.
alter table document add column warnings text[] not null default '{}';
-- For those who watch: which documents are being indexed.
create index document_indexing on document (organization) where state = 'INDEXING';
