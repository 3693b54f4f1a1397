-- A recount reads the messages that core accepted since the last one.
create index inbound_accepted on inbound using brin (accepted) with (pages_per_range = 16, autosummarize = on);
