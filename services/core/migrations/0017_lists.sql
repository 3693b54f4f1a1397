-- What lists of conversations are filtered by; each in the order of the list.
create index conversation_by_state on conversation (organization, state, updated desc, id desc) where erased is null;
create index conversation_by_channel on conversation (organization, channel, updated desc, id desc) where erased is null;
create index conversation_by_agent on conversation (organization, agent, updated desc, id desc) where agent is not null;
create index conversation_unanswered on conversation (organization, updated desc, id desc)
where last_customer_seq > answered_seq and erased is null;
create index conversation_by_tag on conversation using gin (tags) where tags <> '{}';
