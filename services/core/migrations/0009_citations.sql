-- Which passages support which spans of a message's text: start, end and source of each. Sources without spans go.
alter table message rename column sources to citations;
update message set citations = '[]' where citations <> '[]';
-- Its steps say what a turn recalled.
alter table turn drop column recalled;
