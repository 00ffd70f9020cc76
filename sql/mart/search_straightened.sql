create or replace macro mart.search_straightened(question) as
    regexp_replace(
        translate(nfc_normalize(coalesce(question, '')), '“”„‟«»＂（）　', '"""""""() '),
        '(^|[\s(])[–—−]([^\s])',
        '\1-\2',
        'g'
    );

comment on macro mart.search_straightened is 'A question with straight quotation marks and parentheses for typographic ones, and a minus sign for a long dash before a word.';
