-- Whose conversation it is: screens name a customer who has given no name by it. Earlier rows don't know.
alter table handover add column customer text not null default '';
alter table assignment add column customer text not null default '';
