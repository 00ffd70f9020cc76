-- As ranges of code points: a regular expression with \p{L} takes milliseconds to compile.
create or replace macro mart.search_signs() as
    '\x00-/:-@\[-`{-\x{A9}\x{AB}-\x{B1}\x{B4}\x{B6}-\x{B8}\x{BB}\x{BF}\x{D7}\x{F7}\x{2C2}-\x{2C5}\x{2D2}-\x{2DF}\x{37E}\x{387}'
    || '\x{55A}-\x{55F}\x{589}-\x{58F}\x{5BE}\x{5C0}\x{5C3}\x{5C6}\x{5F3}\x{5F4}\x{600}-\x{60F}\x{61B}-\x{61F}\x{66A}-\x{66D}\x{6D4}'
    || '\x{700}-\x{70D}\x{964}\x{965}\x{970}\x{9F2}\x{9F3}\x{AF1}\x{DF4}\x{E3F}\x{E4F}\x{E5A}\x{E5B}\x{F01}-\x{F17}\x{104A}-\x{104F}'
    || '\x{10FB}\x{1361}-\x{1368}\x{17D4}-\x{17D6}\x{17D8}-\x{17DB}\x{1800}-\x{180A}\x{2000}-\x{2BFF}\x{2E00}-\x{2E7F}\x{3000}-\x{3004}'
    || '\x{3008}-\x{3020}\x{3030}\x{303D}-\x{303F}\x{309B}\x{309C}\x{30A0}\x{30FB}\x{3200}-\x{33FF}\x{E000}-\x{F8FF}\x{FD3E}\x{FD3F}'
    || '\x{FE00}-\x{FE1F}\x{FE30}-\x{FE6F}\x{FEFF}-\x{FF0F}\x{FF1A}-\x{FF20}\x{FF3B}-\x{FF40}\x{FF5B}-\x{FF65}\x{FFE0}-\x{10000}'
    || '\x{1F000}-\x{1FAFF}';

comment on macro mart.search_signs is 'What is no part of a word in a search, as a class of characters of a regular expression: spaces, punctuation, currencies, symbols, emoji.';
