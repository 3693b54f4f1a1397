-- Ids of attempts before a retry are looked up for reports and quotations. Few deliveries have any.
create index delivery_earlier on delivery using gin (earlier) where earlier <> '{}';
-- The erasure of a conversation finds its files, those that no conversation has yet, and its messages that core did not take.
create index media_of_conversation on media (organization, conversation);
create index inbound_stuck_of_conversation on inbound (organization, conversation) where state >= 2;
