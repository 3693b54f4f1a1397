-- After a split a session has no customer until its next refresh asks core. These are the ones it may belong to: erasing one of them
-- erases the session.
alter table session add column candidates text[] not null default '{}';
create index session_candidates on session using gin (candidates);
