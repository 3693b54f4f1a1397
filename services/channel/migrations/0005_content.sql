-- All parts of a message as core's contract encodes them, where its text is not everything; dropped when core has it, as the text is.
alter table inbound add column content bytea;
