-- A replaced edition is read no more, and its passages move to a collection of former ones: citations and prompts name them.
alter table orphan drop constraint orphan_kind_check;
alter table orphan add constraint orphan_kind_check check (kind in ('content', 'edition', 'replaced', 'former'));
