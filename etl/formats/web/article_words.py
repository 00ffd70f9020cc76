"""The words that separate an article from what stands around it on a page: data for `blocks` and `article`.

Class names and ids are written in English whatever the page's language; the lines that readers see are not.
No pattern repeats a repetition, because they run over untrusted pages.
"""

from __future__ import annotations

import re


def _names(words: str) -> re.Pattern[str]:
    """Matches names that are, begin or end with one of the words, or hold it between dashes."""
    return re.compile(rf"(?:^|[\s_-])(?:{'|'.join(words.split())})(?=$|[\s_-])")


FOREIGN_TAGS = frozenset(("aside", "dialog", "footer", "nav"))
FOREIGN_ROLES = frozenset(
    ("alertdialog", "banner", "complementary", "contentinfo", "dialog", "menu", "navigation", "search", "tooltip")
)
FOREIGN_NAMES = _names(
    r"""
    breadcrumbs? colophon comment\w* consent cookies? disqus\w* footer\w* gdpr login menu modal most-?popular
    most-?read most-?viewed nav navbar newsletters? outbrain overlay popup recirc\w* recommendations? recommended
    related\w* sidebar sponsored taboola trending
    """
)
"""Elements with these names are hardly ever the article."""

DOUBTFUL_TAGS = frozenset(("figcaption", "figure", "form"))
DOUBTFUL_NAMES = _names(
    r"""
    ads? adv advert\w* also-?like author\w* banner\w* bio byline\w* captions? carousel\w* comentarios? copyright
    credits? cta dateline dates? disclaimer donat\w* follow\w* galleries gallery hidden infobox keywords link-?list
    links masthead menu\w* meta metadata more-?(?:from|news|on|stories) navigation next-?(?:article|post|story)
    pager pagination paging player playlist poll popular prev\w* print promo\w* pull-?quote rail rating\w*
    read-?more respond screen-?reader\w* search\w* share sharebar shares sharing sidebar\w* signup similar skip\w*
    slider slideshow\w* social\w* sponsor\w* sr-only story-?list subscri\w* tagcloud taglist tags? teasers?
    timestamp toc toolbar tools tooltip upsell visually-?hidden widgets? zergnet
    """
)
"""Elements with these names are seldom the article. Not `paywall`: it wraps what is sold, which is the article."""

LAYOUT_NAMES = _names(r"cta sidebar\w* widgets?")
"""Of these, names that tell where something stands or what it was made with. Some sites call parts of an article so."""

PICTURES = frozenset(("figcaption", "figure"))
CAPTION_NAMES = _names(r"[^\W_]{0,30}captions? (?:photo|image|picture|img)-?(?:caption|credits?|info|text)")
"""Elements with these names say something of a picture."""

ASIDE_NAMES = _names(
    r"[^\W_]{0,30}captions? hidden pop-?up\w* rollover\w* screen-?reader\w* sr-only tooltip\w* visually-?hidden"
)
"""Within a paragraph, elements with these names are not part of the sentence."""

POST_NAMES = re.compile(r"\bhentry\b|\btype-post\b")
"""WordPress writes an article's author, tags and categories into its class, so these are not judged by their names."""
QUALIFIERS = re.compile(
    r"(?:^|(?<=\s))(?:(?:has|is|js|no|non|status|type)-\S*|[^\s-]*-(?:has|no|with)-\S*|\S*-label-hidden)(?=$|\s)"
)
"""Names that describe what stands in or beside an element, not the element itself."""

ADS = re.compile(
    r"(?:advert(?:isement)?|anuncio|anzeige|iklan|pub(?:licité|blicidade|licidad|blicità)?|reclame|werbung"
    r"|реклама|広告|广告)",
    re.IGNORECASE,
)
"""The whole of a line that announces an advertisement."""

POINTERS = re.compile(
    r"(?:related(?: (?:articles?|coverage|content|links?|news|posts?|reading|stories|topics|videos?))?"
    r"|(?:read|see|view|watch) (?:more|also|next)|(?:also|further) (?:read|reading|see|on \w+)|also"
    r"|more(?: (?:from|on|in|about) .{2,40}| news| stories| coverage)?|(?:most|what's) (?:read|popular|viewed|trending)"
    r"|don['’]?t miss|you (?:may|might) (?:also )?(?:like|enjoy|be interested in)"
    r"|recommended(?: (?:for you|reading|stories))?|trending(?: now)?|up next|explore further"
    r"|something to consider|join the conversation"
    r"|(?:lesen sie|siehe) (?:auch|mehr)|mehr zum thema|das könnte sie (?:auch )?interessieren"
    r"|à lire(?: aussi)?|lire aussi|sur le même (?:sujet|thème)|voir aussi|lees (?:ook|meer)|leggi anche"
    r"|(?:lea|lee|ver|leia|veja|saiba)(?: también| também| más| mais)|te puede interesar"
    r"|читайте также|関連記事|相关(?:新闻|阅读)|topics|tags|schlagwörter|themen|mots-clés|etiquetas)"
    r"\s{0,3}(?:[:.…]|$)",
    re.IGNORECASE,
)
"""The beginning of a line that points at other articles."""

REMARKS = re.compile(
    r"(?:\d{1,5}\s)?(?:(?:user|reader|leser|all|your|readers[’']|reader[’']s)?[\s-]?comments?|leave a (?:comment|reply)"
    r"|(?:leser|nutzer)?-?kommentare|commentaires|(?:vos|les) commentaires|comentarios|comentários|commenti|reacties"
    r"|kommentarer|komentarze|kommentit|комментари[ий]|коментарі|yorumlar|تعليقات|التعليقات|评论|評論|コメント|댓글)"
    r"\s{0,2}(?:[(\[（]?\d{1,5}[)\]）]?)?\s?[:：]?",
    re.IGNORECASE,
)
"""The whole of a line over what readers wrote."""

PROMOTIONS = re.compile(
    r"(?:click|tap) here"
    r"|follow .{1,60}\b(?:on|at|via) (?:\S{1,20} )?(?:facebook|twitter|instagram|youtube|linkedin|telegram|whatsapp)"
    r"|\b(?:subscribe|sign up)\b.{0,80}\b(?:newsletters?|channel|podcast|updates|today|now|here)\b"
    r"|\bnewsletter\b.{0,60}\binbox\b|(?:get|download) (?:the|our) .{0,40}\bapp\b|have a (?:news )?tip\b"
    r"|get .{0,40} on the go\b|filed under\b|^listen (?:to|live|back|on)\b|^tell us what you think"
    r"|folgen sie (?:uns|\w+) auf|newsletter (?:abonnieren|bestellen)|(?:suivez|abonnez)[- ]|s[ií]gu?enos en"
    r"|siga(?:-nos)? (?:no|a|o)\b|seguici su|volg ons",
    re.IGNORECASE,
)
"""Words of a line that advertises something of the site's: a channel, a newsletter, an app."""

RIGHTS = re.compile(
    r"all rights reserved|may not be (?:published|reproduced)|alle rechte vorbehalten|tous droits réservés"
    r"|(?:todos los derechos|todos os direitos) reservados|tutti i diritti riservati|alle rechten voorbehouden"
    r"|无断转载|未经授权|禁止转载|무단\s?전재|все права защищены",
    re.IGNORECASE,
)
"""Words of a line that forbids copying."""

_NOTICES = {
    "subscri": r"subscribe (?:now )?(?:to|and) (?:continue|keep|read|unlock)|\b(?:for|to) subscribers only"
    r"|already (?:a subscriber|have a subscription)",
    "regist": r"\bregister (?:now )?(?:to|and) (?:continue|keep|read|unlock)|(?:bereits|schon|nur für) registriert",
    "sign ": r"\bsign (?:up|in) (?:now )?(?:to|and) (?:continue|keep|read|unlock)"
    r"|\bsign up (?:to|for) our\b.{0,40}newsletter",
    "log": r"\blog ?in (?:now )?(?:to|and) (?:continue|keep|read|unlock)|already have an account",
    "free article": r"free articles? (?:left|remaining|this month)",
    "weiterlesen": r"jetzt weiterlesen",
    " abo": r"(?:bereits|schon) (?:ein abo\b|abonnent)|nur für abonnent|réservée? (?:aux|à nos) abonnés|déjà abonné"
    r"|(?:alleen|exclusief) voor abonnees",
    " abbonat": r"(?:solo|riservato) (?:per|agli) (?:gli )?abbonati",
    " para ": r"(?:exclusivo|solo|sólo) para (?:suscriptores|assinantes)",
    "会員": r"会員限定",
    "유료": r"유료\s?회원",
    "cookie": r"\bcookies?\b.{0,150}\b(?:consent|you (?:agree|accept)|(?:privacy|cookie) policy|einwillig|stimmen sie"
    r"|datenschutz|acceptez|aceptas?\b|accetti)",
    "extern": r"external content\b.{0,120}\bclick|externe\w* inhalt\w*.{0,120}\b(?:klick|anzeigen|ergänz)",
    "block": r"\bad[- ]?block\w*.{0,80}\b(?:turn|disable|switch|whitelist|pause|deaktivier|désactiv)",
    "javascript": r"(?:enable|activate) javascript|javascript (?:aktivieren|is (?:disabled|required))",
    "support": r"(?:please|to) support (?:us\b|our (?:work|journalism|newsroom))"
    r"|support (?:us|our journalism) (?:by|with)\b",
    "your inbox": r"\b(?:to|in|into) your inbox\b",
    " reserved": r"^(?:©|\(c\)|copyright\b).{0,80}all rights reserved",
    "vorbehalten": r"^(?:©|\(c\)|copyright\b).{0,80}alle rechte vorbehalten",
}
NOTICES = {sign: re.compile(pattern) for sign, pattern in _NOTICES.items()}
"""How a site speaks to its readers, wherever that stands: of subscriptions, cookies, consent, donations. In lower case,
each by a sign that is fast to find."""

UPDATED = re.compile(
    r"(?:first |last )?(?:updated|posted|published|modified|aktualisiert|veröffentlicht|publié|mis à jour"
    r"|actualizado|publicado|atualizado|aggiornato|pubblicato|bijgewerkt|gepubliceerd)\b.{0,80}\d.{0,40}$",
    re.IGNORECASE,
)
"""A line that states when the page was written."""

BY = re.compile(r"(?:(?:written )?by|von|par|por|di|door|text:|текст:|автор:)\s{1,5}(?=\S)", re.IGNORECASE)
"""The beginning of a printed byline."""
