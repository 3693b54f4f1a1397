-- Which message a received one answers, `conversations/{conversation}/messages/{message}`, where its provider says so and it is known.
alter table inbound add column reply_to text not null default '';
