"""Frequent function words by language: enough to tell most news texts apart without a model."""

STOP_WORDS = {
    "en": "the of and to in that is for on with as was it at by be from are this have has he they not said but an which"
    " who their its were been had would more about after one when than out we what she his her will there or",
    "de": "der die und den von zu das mit sich des auf für ist im dem nicht ein eine als auch es an werden aus er hat dass"
    " sie nach wird bei einer um am sind noch wie einem über einen so zum war haben nur oder aber vor zur bis mehr durch",
    "fr": "de la le et les des en un du une que est pour qui dans a par plus pas au sur ne se ce il sont avec son aux être"
    " ont cette mais comme ses été fait leur deux aussi entre ans sans où depuis selon nous vous elle",
    "es": "de la que el en y a los se del las un por con no una su para es al lo como más o pero sus le ha me si sin sobre"
    " este ya entre cuando todo esta ser son dos también fue había era muy hasta desde está porque según",
    "pt": "de a o que e do da em um para é com não uma os no se na por mais as dos como mas foi ao ele das tem à seu sua ou"
    " ser quando muito há nos já está eu também só pelo pela até isso são pelos foram",
    "it": "di che è la il un a per in una mi sono ho non ma lo ha le si ti i con cosa se io come da ci no questo qui e del"
    " della nel alla sono stato anni più anche dopo gli dei delle dal degli nella sul ed alle",
    "nl": "de het een van en in is dat op te zijn met voor niet aan er om ook als dan maar bij uit door naar hij ze wordt"
    " werd nog wel over tot deze dit geen meer heeft hebben kan zich haar hun worden onder tegen na",
    "sv": "och i att det som en på är av för med den till har de inte om ett han men var jag sig från så kan när hon ska"
    " eller vi också efter hade vid mot skulle där under alla mycket sedan blir över än måste",
    "da": "og i at det som en på er af for med den til har de ikke om et han men var jeg sig fra så kan når hun skal eller"
    " vi også efter havde ved mod skulle hvor under alle meget siden bliver over end være blev",
    "no": "og i at det som en på er av for med den til har de ikke om et han men var jeg seg fra så kan når hun skal eller"
    " vi også etter hadde ved mot skulle hvor under alle mye siden blir over enn må være ble",
    "pl": "i w na z do że się nie to jest o jak po co ale od za przez dla jego przy są był tym już tylko czy ich może oraz"
    " tego było które który która pod bez ma być jej także jednak bardzo roku",
}
