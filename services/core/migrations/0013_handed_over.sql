-- Conversations that have changed hands, by their age: an answer before that may not have been good enough.
create index conversation_handed_over on conversation (organization, updated desc) where epoch > 1 and erased is null;
