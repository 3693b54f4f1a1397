-- Secrets of credentials that core uses, sealed under core's own key. admin says which there are.
create table secret (
    organization text not null,
    credential text not null,
    number bigint not null,
    sealed bytea not null,
    primary key (organization, credential)
);
