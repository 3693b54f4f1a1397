-- A text as names and words are compared: small letters without accents.
create function folded(text) returns text language sql immutable parallel safe as $$
    select normalize(
        regexp_replace(normalize(replace(replace(lower($1), 'ß', 'ss'), 'ς', 'σ'), NFKD), '[\u0300-\u036f]', '', 'g'), NFC
    )
$$;
