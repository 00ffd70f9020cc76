-- What nobody sees is taken off as it is of the texts (etl/normalise/text.py); joiners stay in scripts that spell with them.
create or replace macro mart.search_straightened(question) as
    regexp_replace(
        translate(
            nfc_normalize(
                regexp_replace(
                    regexp_replace(
                        regexp_replace(
                            coalesce(question, ''),
                            '[\x0B\x1C-\x1F\x{85}\x{A0}\x{1680}\x{2000}-\x{200A}\x{2028}\x{2029}\x{202F}\x{205F}\x{3000}]',
                            ' ',
                            'g'
                        ),
                        '[\x00-\x08\x0E-\x1B\x7F-\x{9F}\x{AD}\x{61C}\x{180E}\x{200B}\x{200E}\x{200F}\x{202A}-\x{202E}\x{2060}-\x{206F}\x{FEFF}\x{FFF9}-\x{FFFB}\x{FFFE}\x{FFFF}]',
                        '',
                        'g'
                    ),
                    '(^|[^\x{600}-\x{8FF}\x{900}-\x{DFF}\x{F00}-\x{109F}\x{1780}-\x{18AF}\x{2190}-\x{2BFF}\x{FE0F}\x{1F000}-\x{1FAFF}])[\x{200C}\x{200D}]+',
                    '\1',
                    'g'
                )
            ),
            '“”„‟«»＂（）',
            '"""""""()'
        ),
        '(^|[\s(])[–—−]([^\s])',
        '\1-\2',
        'g'
    );

comment on macro mart.search_straightened is 'A question without characters that nobody sees, with plain spaces, straight quotation marks and parentheses for typographic ones, and a minus sign for a long dash before a word.';
