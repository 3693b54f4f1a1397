-- The assistant's message that was last allowed to leave by a provider: a take names it, because it may still arrive.
create table dispatch (
    organization text not null,
    conversation text not null,
    message text not null,
    claimed timestamptz not null,
    primary key (organization, conversation),
    foreign key (organization, conversation) references conversation (organization, id) on delete cascade
);
