-- What the conversation's channel can carry to the customer, as channel says with each message of theirs; null: everything.
alter table conversation add column capabilities jsonb;
