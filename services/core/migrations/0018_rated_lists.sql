-- Lists of conversations by their rating.
create index conversation_by_rating on conversation (organization, rating, updated desc, id desc) where rating is not null;
