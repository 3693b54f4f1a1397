-- The processes that show the text of running replies. A row that has not been renewed for a second gives no right to show any.
create table replica (
    id text primary key,
    -- When the process's last check began, by the database's clock.
    checked timestamptz not null,
    -- When the last check began whose result the process has acted on: what had ended before is shown there no more.
    applied timestamptz
);
