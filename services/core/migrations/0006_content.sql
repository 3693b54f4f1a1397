-- The parts of a message, where its text does not say everything.
alter table message add column content jsonb;
