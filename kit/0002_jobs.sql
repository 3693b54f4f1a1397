-- Durable work, in one shape for every service: a job is one piece of work of a queue, and is deleted when it is done. States: 0 waiting, 1 running, 2 dead.
create table job (
    id bigint generated always as identity primary key,
    queue text not null,
    organization text not null,
    -- What the job works on, without the organization: `deliveries/<id>`. A queue has one job for it.
    subject text not null,
    -- Jobs of one key run one after the other, in the order of their ids; empty: in any order.
    ordering_key text not null default '',
    payload bytea not null default '',
    state smallint not null default 0,
    -- Waiting: when it may run. Running: when its lease ends. Dead: when it died.
    due timestamptz not null default clock_timestamp(),
    -- How often it was begun, without those times when it was put off through no fault of its own.
    attempts int not null default 0,
    -- Counts every claim: a worker that lost its lease can change nothing any more.
    fence bigint not null default 0,
    problem text not null default '',
    created timestamptz not null default clock_timestamp()
) with (fillfactor = 70);
create unique index job_subject on job (queue, organization, subject);
create index job_due on job (queue, due) where state < 2;
create index job_order on job (queue, organization, ordering_key, id) where state < 2 and ordering_key <> '';
create unique index job_running on job (queue, organization, ordering_key) where state = 1 and ordering_key <> '';
create index job_dead on job (organization, id) where state = 2;
