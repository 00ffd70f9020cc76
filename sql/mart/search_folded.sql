-- after: mart.search_joined, mart.search_marks, mart.search_unmarked
-- ASCII needs nothing but lower case, and with typographic quotation marks and dashes not much more. Accents are taken
-- off; but in kana, Thai and the scripts of India the marks are letters of their own, and so is й.
create or replace macro mart.search_folded(text) as
    case
        when text is null then ''
        when strlen(text) = length(text) then lower(text)
        when not regexp_matches(text, '[^\x00-\x7F\x{2010}-\x{203A}]') then translate(lower(text), '’‘‐‑‒–—', '''''-----')
        else translate(
            replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(
                lower(
                    case
                        when not regexp_matches(text, '[\x{400}-\x{52F}\x{900}-\x{1DFF}\x{3040}-\x{30FF}\x{A640}-\x{ABFF}\x{E000}-\x{F8FF}\x{10000}-\x{10FFFF}' || mart.search_marks() || ']')
                        then strip_accents(text)
                        else mart.search_joined(
                            list_transform(
                                regexp_extract_all(nfc_normalize(mart.search_unmarked(text)), '[\x00-\x{3FF}\x{530}-\x{8FF}\x{1E00}-\x{1FFF}]+|[^\x00-\x{3FF}\x{530}-\x{8FF}\x{1E00}-\x{1FFF}]+'),
                                lambda run: if(regexp_matches(run, '^[\x00-\x{3FF}\x{530}-\x{8FF}\x{1E00}-\x{1FFF}]'), strip_accents(run), run)
                            ),
                            ''
                        )
                    end
                ),
                'ß', 'ss'), 'æ', 'ae'), 'œ', 'oe'), 'þ', 'th'), 'ﬀ', 'ff'), 'ﬁ', 'fi'), 'ﬂ', 'fl'), 'ﬃ', 'ffi'), 'ﬄ', 'ffl'), 'ﬅ', 'st'), 'ﬆ', 'st'), 'ĳ', 'ij'
            ),
            'łøđðħŧıŀςёſ’‘ʼ＇‐‑‒–—−－　０１２３４５６７８９ａｂｃｄｅｆｇｈｉｊｋｌｍｎｏｐｑｒｓｔｕｖｗｘｙｚ＆．，％／＋＃＠＄￠￡￥￦ـ',
            'loddhtilσеs''''''''------- 0123456789abcdefghijklmnopqrstuvwxyz&.,%/+#@$¢£¥₩'
        )
    end;

comment on macro mart.search_folded is 'A text as it is compared in a search: in lower case, without accents, ß as ss, ł as l and the like, ligatures and full width as plain letters, one kind of apostrophe and of dash. Kana, Thai and the scripts of India keep their marks, which are letters there.';
