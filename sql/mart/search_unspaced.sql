-- As ranges of code points: a regular expression with \p{Han} takes milliseconds to compile.
create or replace macro mart.search_unspaced() as
    '\x{E01}-\x{E3A}\x{E40}-\x{E4E}\x{E81}-\x{ECF}\x{EDC}-\x{EDF}\x{1000}-\x{103F}\x{1050}-\x{109D}\x{1780}-\x{17D3}\x{17D7}\x{17DC}\x{17DD}'
    || '\x{2E80}-\x{2FDF}\x{3005}-\x{3007}\x{3021}-\x{302F}\x{3031}-\x{303C}\x{3041}-\x{309A}\x{309D}-\x{309F}\x{30A1}-\x{30FA}\x{30FC}-\x{312F}'
    || '\x{31F0}-\x{31FF}\x{3400}-\x{4DBF}\x{4E00}-\x{9FFF}\x{A9E0}-\x{A9FE}\x{AA60}-\x{AA7F}\x{F900}-\x{FAFF}\x{FF66}-\x{FF9F}\x{20000}-\x{323AF}';

comment on macro mart.search_unspaced is 'The letters of scripts that do not separate words (Thai, Lao, Burmese, Khmer, Han, kana), as a class of characters of a regular expression.';
