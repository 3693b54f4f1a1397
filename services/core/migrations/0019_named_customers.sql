-- Customers by the beginning of their name, last name or address, and by the end of their phone number.
create index customer_name on customer (organization, (lower(display_name) collate "C"))
where erased is null and merged_into is null;
create index customer_last_name on customer (organization, (lower(substring(display_name from '\S+$')) collate "C"))
where erased is null and merged_into is null;
create index identity_beginning on identity (organization, (lower(value) collate "C")) where kind <> 'BROWSER';
create index identity_end on identity (organization, (reverse(value) collate "C")) where kind in ('PHONE', 'WHATSAPP_USER');
