-- The logo of a web chat, which the channel's settings name by its hash. A channel has one.
create table channel_logo (
    organization text not null,
    channel text not null,
    sha256 text not null,
    media_type text not null,
    bytes bytea not null,
    primary key (organization, channel),
    foreign key (organization, channel) references channel on delete cascade
);

-- Up to which message the customer has read.
alter table web_conversation add column read_seq bigint not null default 0;
