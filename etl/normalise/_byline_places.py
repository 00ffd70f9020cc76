"""Names of places in bylines beside those of Unicode CLDR: data for `_places`. Keys are case-folded."""

from __future__ import annotations

# Where correspondents are based. Such a place after a name without a comma ("Jane Doe Madrid") is not part of the name.
# Cities that are also surnames (London, Paris, Washington, Berlin) are left out.
_CITIES = """
abuja|addis ababa|algiers|amman|amsterdam|ankara|athens|baghdad|bangkok|barcelona|beijing|beirut|belgrade|bogotá|bogota
brasília|brussels|bucharest|budapest|buenos aires|cairo|canberra|cape town|caracas|copenhagen|damascus|doha|dubai
edinburgh|frankfurt|geneva|hanoi|helsinki|hong kong|islamabad|istanbul|jakarta|jerusalem|johannesburg|kabul|kathmandu
kiev|kyiv|kuala lumpur|lagos|lisbon|los angeles|madrid|manila|mexico city|moscow|mumbai|nairobi|new delhi|new york
oslo|phnom penh|prague|pyongyang|riyadh|rome|san francisco|sarajevo|seoul|shanghai|singapore|stockholm|strasbourg
taipei|tallinn|tbilisi|tehran|tel aviv|tokyo|tripoli|tunis|ulan bator|vienna|vilnius|warsaw|yangon|zagreb|zurich
北京|华盛顿|華盛頓|워싱턴|베이징|вашингтон|пекин
athen|brüssel|bukarest|genf|istanbul|jerusalem|kairo|kopenhagen|lissabon|moskau|peking|prag|rom|straßburg|teheran
tokio|warschau|wien|zürich|athènes|bruxelles|genève|lisbonne|moscou|pékin|varsovie|vienne|bruselas|moscú|pekín
"""
CITIES = frozenset(city for line in _CITIES.split("\n") for city in line.split("|") if city)

# Behind a comma, a bar or alone; after a name without one they may be part of it.
_MORE_PLACES = """
abu dhabi|den haag|the hague|la haye|den bosch|rio de janeiro|belo horizonte|porto alegre|nova york
nueva delhi|neu-delhi|são paulo|sao paulo|cidade do méxico|ciudad de méxico|mexiko-stadt|kapstadt
tel-aviv|las vegas|santa cruz|santa fe
silver spring|capitol hill|wall street|downing street|white house|hyde park|central park|bay area|new england|palm beach
long beach|long island|st. petersburg|saint petersburg|tel aviv-yafo|ho chi minh|nay pyi taw|east jerusalem|gaza strip
west bank|washington dc|washington d.c.|ankara|izmir|bursa|adana
antalya|konya|gaziantep|diyarbakır|trabzon|kayseri|mersin|bergen|göteborg|malmö|milano|napoli|torino|kraków|gdańsk|wrocław
תל אביב|באר שבע|חיפה|רמת גן|פתח תקווה|ראשון לציון|נתניה|ניו יורק|תל אביב-יפו|أبوظبي|أبو ظبي|الرباط|غزة|رام الله|دبي
нью-йорк|санкт-петербург|нижний новгород|тель-авив|大阪|名古屋|京都|札幌|福岡|神戸
广州|深圳|成都|武汉|부산|대구|광주|대전
"""
MORE_PLACES = frozenset(city for line in _MORE_PLACES.split("\n") for city in line.split("|") if city)
