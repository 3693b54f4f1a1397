-- A model's summary of a conversation's first messages, for prompts that have no room for them. The step that wrote it has the
-- calls and the cost; it is deleted after some days, the summary with its conversation.
create table summary (
    organization text not null,
    conversation text not null,
    until bigint not null,
    text text not null,
    model text not null,
    turn text not null,
    step int not null,
    created timestamptz not null,
    primary key (organization, conversation),
    foreign key (organization, conversation) references conversation (organization, id) on delete cascade
);
