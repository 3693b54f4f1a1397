-- How long those waited whom agents took last, for what customers in line are told.
create index handover_accepted on handover (organization, queue, created desc) where state = 'ACCEPTED';
