-- kit/0007_plain_letters.sql folds names to plainer letters than before. `reindex` would not do: a session that has used an index
-- keeps the function's earlier body in its expression.
drop index customer_name;
drop index customer_last_name;
create index customer_name on customer (organization, (folded(display_name) collate "C"))
where erased is null and merged_into is null;
create index customer_last_name on customer (organization, (folded(substring(display_name from '\S+$')) collate "C"))
where erased is null and merged_into is null;
