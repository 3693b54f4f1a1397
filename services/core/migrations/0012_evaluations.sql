-- Questions that organizations test their assistant with, and runs that ask them.
create table question_set (
    organization text not null,
    id text not null,
    display_name text not null,
    revision bigint not null default 1,
    request_id text not null,
    created timestamptz not null default clock_timestamp(),
    updated timestamptz not null default clock_timestamp(),
    primary key (organization, id)
);
create index question_set_listed on question_set (organization, created desc, id desc);
create unique index question_set_by_request on question_set (organization, request_id) where request_id <> '';

create table question (
    organization text not null,
    question_set text not null,
    id text not null,
    -- The order of the set.
    number bigint generated always as identity,
    -- Of its words and those of the messages before it: a set has one question of the same.
    digest text not null,
    -- Text, earlier messages, language and the right answer.
    asked jsonb not null,
    -- The customer's message that it was taken from: it is erased with its conversation.
    conversation text,
    message text,
    revision bigint not null default 1,
    created timestamptz not null default clock_timestamp(),
    updated timestamptz not null default clock_timestamp(),
    primary key (organization, question_set, id),
    foreign key (organization, question_set) references question_set (organization, id) on delete cascade
);
create unique index question_by_digest on question (organization, question_set, digest);
create index question_listed on question (organization, question_set, number);
create index question_of_conversation on question (organization, conversation) where conversation is not null;

create table evaluation_run (
    organization text not null,
    id text not null,
    question_set text not null,
    display_name text not null,
    versions text[] not null,
    state text not null check (state in ('RUNNING', 'DONE', 'FAILED', 'CANCELLED')),
    problem text not null default '',
    questions int not null,
    -- Sums over its results.
    totals jsonb not null,
    request_id text not null,
    created timestamptz not null default clock_timestamp(),
    finished timestamptz,
    primary key (organization, id)
);
create index evaluation_run_listed on evaluation_run (organization, created desc, id desc);
create unique index evaluation_run_by_request on evaluation_run (organization, request_id) where request_id <> '';
create index evaluation_run_age on evaluation_run (finished) where finished is not null;

-- The questions of a run as they were when it began, and what became of each.
create table evaluation_result (
    organization text not null,
    run text not null,
    question text not null,
    number int not null,
    asked jsonb not null,
    conversation text,
    message text,
    outcome jsonb,
    judgement jsonb,
    verdict text,
    -- Unset until it was answered.
    finished timestamptz,
    primary key (organization, run, question),
    foreign key (organization, run) references evaluation_run (organization, id) on delete cascade
);
create unique index evaluation_result_listed on evaluation_result (organization, run, number);
create index evaluation_result_of_conversation on evaluation_result (organization, conversation) where conversation is not null;

-- Answers that were none, by their age.
create index message_unanswered on message (organization, created desc)
where kind in ('UNKNOWN', 'HOLDING') and role = 'ASSISTANT' and not erased;
