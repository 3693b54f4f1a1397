-- The file that a delivery is, instead of a text.
alter table delivery add column media text not null default '';
