-- A text as names and words are compared: in small letters without marks, and with the plain letters for those that have no
-- decomposition. `folded` in kit/text.py and web/src/ui/folded.ts are the same rule; a test compares this one with the former.
-- Of other scripts than these all marks stay: vowels of Devanagari or Thai and the voicing of kana make other words.
create or replace function folded(text) returns text language sql immutable parallel safe as $$
    select case when octet_length($1) = length($1) then lower($1 collate "C") else -- most names are ASCII, which takes far less
        normalize(
            replace(replace(replace(replace(translate(
                regexp_replace(
                    lower(normalize($1, NFKD)),
                    '[' -- marks of Latin, Greek and Cyrillic, of Hebrew, of Arabic, of Syriac
                    '\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff'
                    '\u20d0-\u20ff\u2de0-\u2dff\ua66f-\ua672\ua674-\ua67d\ua69e\ua69f\ufe20-\ufe2f'
                    '\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\ufb1e'
                    '\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06dc\u06df-\u06e4\u06e7\u06e8\u06ea-\u06ed'
                    '\u0898-\u089f\u08ca-\u08e1\u08e3-\u08ff'
                    '\u0711\u0730-\u074a'
                    ']+', '', 'g'
                ),
                'ıøłđðħŧŋəɓɗǥɨƙʉƴƶς', 'iolddhtnebdgikuyzσ'
            ), 'ß', 'ss'), 'æ', 'ae'), 'œ', 'oe'), 'þ', 'th'),
            NFC -- Korean syllables are whole again: one does not contain another
        )
    end
$$;
