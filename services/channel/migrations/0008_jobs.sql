-- What is to be done about a delivery, and how far a channel's past has been read, are jobs from here on.
insert into job (queue, organization, subject, ordering_key)
select 'deliveries', organization, 'deliveries/' || id, conversation from delivery where state in (1, 2, 7)
order by organization, conversation, seq, part;
drop index delivery_on_the_wire, delivery_open, delivery_due;
alter table delivery drop column due;
drop table poll;
-- Kinds that no provider runs could be configured, and did nothing.
delete from channel where kind in ('WHATSAPP_CLOUD', 'EMAIL');
