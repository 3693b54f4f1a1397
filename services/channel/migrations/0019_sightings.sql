-- When a site last loaded the web chat, and which one: for those who have just put it there.
alter table channel add column widget_seen timestamptz;
alter table channel add column widget_seen_origin text not null default '';
