"""The most common function words of some languages: data for `languages`."""

from __future__ import annotations

STOP_WORDS = {
    "en": "the of and to a in that is for on with as was it at by be from are this have has he his they"
    " not said but an which will who their its or were been had would more about after when than",
    "de": "der die und in den von zu das mit sich des auf für ist im dem nicht ein eine als auch es an"
    " werden aus er hat dass sie nach wird bei einer um am sind noch wie einem über einen so zum war"
    " haben nur oder aber",
    "fr": "de la le et les des en un du une que est pour qui dans a par plus pas au sur ne se ce il sont"
    " avec son aux être ont cette mais comme ses été fait leur deux",
    "es": "de la que el en y a los se del las un por con no una su para es al lo como más o pero sus le"
    " ha sin sobre este ya entre cuando todo esta ser son",
    "pt": "de a o que e do da em um para é com não uma os no se na por mais as dos como mas foi ao ele"
    " das tem à seu sua ou ser quando muito há nos já está eu também só pelo pela",
    "it": "di che è la il un a per in una non ma lo ha le si i con come da ci no questo del della nel"
    " alla sono stato anche più dopo dei delle gli al dal nella e su",
    "nl": "de het een en van in is op te dat die voor met zijn niet aan er om ook als maar bij door naar"
    " uit nog over heeft worden wordt hij ze we was werd tot deze dan kan",
    "sv": "och i att det som en på är av för med den till har inte om ett han men var jag sig från vi så"
    " kan när under efter eller också hon nu ska skulle de där mot vid",
    "da": "og i at det er en til af på for den som med de har ikke der et han var men om sig fra vi så"
    " kan når efter eller også hun nu skal ville blev ved mod hvor",
    "no": "og i å det er en til av på for den som med de har ikke at et han var men om seg fra vi så kan"
    " når etter eller også hun nå skal ville ble ved mot hvor ein",
    "pl": "w i na z się nie do to że jest o po jak od za co przez ale dla są tym oraz który która które"
    " było był tylko już jego jej może ich być tego czy ze roku także",
}


def _languages_by_word() -> dict[str, tuple[str, ...]]:
    languages: dict[str, tuple[str, ...]] = {}
    for code, words in STOP_WORDS.items():
        for word in set(words.split()):
            languages[word] = (*languages.get(word, ()), code)
    return languages


LANGUAGES_BY_WORD = _languages_by_word()
"""For each function word, the languages that it belongs to."""
