-- What the assistant did for a turn, by reference: ids, numbers and hashes, no texts. Rows are deleted after some days.
create table turn_step (
    organization text not null,
    conversation text not null,
    turn text not null,
    number int not null,
    attempt int not null,
    state text not null check (state in ('DONE', 'FAILED', 'CANCELLED')),
    problem text not null,
    created timestamptz not null,
    finished timestamptz not null,
    recall jsonb,
    model_call jsonb,
    primary key (organization, turn, number),
    foreign key (organization, conversation) references conversation (organization, id) on delete cascade
);

create index turn_step_age on turn_step (created);
create index turn_step_of_conversation on turn_step (organization, conversation);
