create or replace macro mart.search_marks() as '\x{135D}-\x{135F}\x{180B}-\x{180F}\x{20D0}-\x{20F0}\x{2CEF}-\x{2CF1}\x{2D7F}\x{2DE0}-\x{2DFF}\x{302A}-\x{302F}\x{FB1E}\x{FE00}-\x{FE0F}\x{FE20}-\x{FE2F}\x{E0100}-\x{E01EF}';

comment on macro mart.search_marks is 'Variation selectors, and marks that enclose a character or stand beside it, as a class of characters of a regular expression.';
