-- Files that are fetched from a provider. States: 4 fetching, 5 failed. `remote`: the provider's reference; `problem`: why it failed.
alter table media
    add column remote text not null default '',
    add column problem text not null default '';
