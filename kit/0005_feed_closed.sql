-- When a process that followed the feed last ended in good order. A later `watched` is another process's, or of one that was
-- killed, which may have known more than it had stored.
alter table feed add closed timestamptz;
