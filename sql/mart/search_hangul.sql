create or replace macro mart.search_hangul() as '\x{1100}-\x{11FF}\x{3131}-\x{318E}\x{A960}-\x{A97C}\x{AC00}-\x{D7FB}\x{FFA1}-\x{FFDC}';

comment on macro mart.search_hangul is 'The letters of Korean, as a class of characters of a regular expression.';
