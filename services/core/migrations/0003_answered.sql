-- Up to where the customer has been answered, or the matter was closed: what stands after it is open.
alter table conversation add column answered_seq bigint not null default 0;

update conversation c set answered_seq = last_customer_seq
where state = 'CLOSED' or (
    exists (
        select from message m
        where (m.organization, m.conversation) = (c.organization, c.id) and m.seq > c.last_customer_seq
            and not m.note and m.kind <> 'HOLDING'
    )
    and not exists (
        select from turn t
        where (t.organization, t.conversation) = (c.organization, c.id) and t.state in ('PENDING', 'RUNNING')
    )
);
