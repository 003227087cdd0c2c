"""Names, streets and postcodes in what shoppers wrote, told by the words around them in five languages."""

import re

_UP = "[A-ZÀ-ÖØ-ÞŁŚŠŽ]"
_LOW = "[a-zà-öø-ÿłśšž]"
_PROPER = rf"{_UP}(?:['’]{_UP})?(?:{_LOW}|['’-]{_UP}?)*{_LOW}"
_PARTICLE = r"(?:von|van|de|del|della|da|di|du|la|le|der|den|zu|bin|al)"
_NAME = rf"{_PROPER}(?:[ ](?:{_PARTICLE}[ ]){{0,2}}(?:{_PROPER}\b|{_UP}\.)){{0,3}}"

# What goes on after a name that is written small.
_GOES_ON = (
    r"(?:and|und|et|y|e|i|ich|je|j|yo|from|aus|de|but|aber|looking|want|need|search\w*|suche|would|like|can|could|"
    r"please|bitte|cherche|busco|quiero|here|hier|ici|is|ist|who|that|the|my|do|you|have|for|in|at|with|show|hi|hello)\b"
)
_WORD = rf"(?!{_GOES_ON})[^\W\d_](?:[^\W\d_]|['’-])*"
_SMALL = rf"(?!(?:on|not|nicht|pas|no|auf|sur|en)\b){_WORD}(?:[ ]{_WORD})?"
_SAYS_NAME = (
    r"(?:my (?:full |first |last )?name(?: is|['’]s|:)|i am called|mein (?:voller )?name(?: ist|:)|ich hei(?:ß|ss)e|"
    r"je m['’ ]?appelle|mon (?:nom|prénom)(?: est|:)|me llamo|mi nombre(?: es|:))"
)
_SAYS_WHO = (
    r"(?:call me|this is|i['’]?m|i am|ich bin(?: der| die)?|hier (?:ist|spricht)|je suis|soy|nennt? mich|appelez-moi|"
    r"llámame)"
)
# So that "I'm Size 42 tall" and "this is Nike Air" stay what they are.
_THEN = r"(?=[ ]*(?:[,.;!?\n(]|$|(?:and|und|et|y|from|aus|here|hier|speaking)\b))"
_TITLE = r"(?:Mrs?|Ms|Miss|Mister|Herrn?|Frau|Fräulein|Monsieur|Mme|Mlle|Madame|Señora?|Sra?|Doña)"
_BRANDS = r"(?!Porter\b|Selfridge|Sixty\b)"
_FAREWELL = (
    r"(?:regards|cheers|sincerely|yours|grüße?n?|grüssen?|gruß|gruss|cordialement|bises|saludos|atentamente)[,.!]?"
)
_CJK = "[\u4e00-\u9fff]"
_CJK_IN_NAME = f"(?![想要找在来的和是喜需有]){_CJK}"
_CJK_END = r"(?=[，。,.！!？?\s]|$|[想要找在来])"

_NAMES = (
    re.compile(rf"\b((?i:{_SAYS_NAME})[ ]*)(?:{_NAME}|(?i:{_SMALL}))"),
    re.compile(rf"\b((?i:{_SAYS_WHO})[ ])(?:{_NAME}){_THEN}"),
    re.compile(rf"\b({_TITLE}\.?[ ]){_BRANDS}(?:{_NAME})"),
    re.compile(rf"((?i:{_FAREWELL})\s+){_NAME}(?=\s*[.!]?\s*$)"),
    re.compile(rf"((?:我叫做?|我的名字(?:是|叫)|我姓|姓名[:：是])\s*)(?:{_CJK_IN_NAME}){{1,4}}"),
    re.compile(rf"(我是\s*)(?:{_CJK_IN_NAME}){{2,3}}{_CJK_END}"),
    re.compile(rf"((?<!{_CJK}))(?:{_CJK_IN_NAME})(?=先生|女士|小姐)"),
)

_STREET_EN = (
    r"(?:street|st|road|rd|avenue|ave|lane|ln|drive|boulevard|blvd|court|close|crescent|terrace|square|gardens?)"
)
_STREET_DE = r"(?:stra(?:ß|ss)e|str\.|gasse|allee|platz|weg|damm|ufer)"
_STREET_FR = r"(?:rue|avenue|boulevard|place|allée|chemin|impasse|quai)"
_STREET_ES = r"(?:calle|c/|avenida|avda\.?|plaza|paseo)"
_FLOOR = r"(?:,?[ ](?i:apt|apartment|flat|unit|suite|wohnung|appt?|appartement|piso|puerta)\.?[ ]?\w{1,5})?"
_AT_HOME = (
    r"(?i:\b(?:live|living|deliver(?:y|ed)?|ship(?:ped)?|send|address|wohne|liefer\w*|adresse|anschrift|schick\w*|"
    r"habite|livr\w*|vivo|dirección|env[ií]\w*)\b[^\d\n]{0,25}?)"
)
_STREETS = (
    re.compile(rf"()\b\d{{1,5}}[a-zA-Z]?[ ]{_PROPER}(?:[ ]{_PROPER}){{0,2}}[ ](?i:{_STREET_EN})\b\.?{_FLOOR}"),
    re.compile(rf"({_AT_HOME})\d{{1,5}}[a-z]?[ ](?:[^\W\d]+[ ]){{1,3}}(?i:{_STREET_EN})\b\.?{_FLOOR}"),
    re.compile(rf"()\b{_UP}(?:{_LOW}|ß|-{_UP})*[ -]?(?i:{_STREET_DE})[ ]?\d{{1,4}}[ ]?[a-z]?\b"),
    re.compile(
        rf"()\b\d{{1,4}},?[ ](?:bis |ter )?(?i:{_STREET_FR})[ ](?:d(?:e|u|es)[ ])?(?:l(?:a|es)[ ]|[dl]['’])?"
        rf"{_PROPER}(?:[ -](?:de[ ])?{_PROPER})*"
    ),
    re.compile(
        rf"()(?<!\w)(?i:{_STREET_ES})[ ]?(?:de[ ])?(?:l(?:a|os|as)[ ])?{_PROPER}(?:[ ](?:de[ ])?{_PROPER})*"
        r",?[ ](?:n[º°.o]\.?[ ]?)?\d{1,4}\b"
    ),
    re.compile(
        rf"()(?:(?![我在住寄送到]){_CJK}){{2,6}}(?:路|街|大道|巷|弄)\s?\d{{1,5}}\s?[号弄](?:\s?\d{{1,5}}\s?[室楼号])*"
    ),
)

# Two letters after a digit that end a British postcode; "2XL" and its like are sizes.
_POSTCODES = (
    re.compile(
        r"()\b(?:[A-PR-UWYZ][A-HK-Y]?\d[\dA-HJKPSTUW]?)[ ]\d(?!X[LS])[ABD-HJLNP-UW-Z]{2}\b(?![ ]?(?:cm|mm|EUR|€))"
    ),
    re.compile(
        r"((?i:\b(?:post ?code|postal code|zip(?: code)?|plz|postleitzahl|code postal|c\.?p\.|código postal)"
        r"(?: is| ist| est| es)?|邮编)[ ]?[:：是]?[ ]?)(?:[A-Z]{1,2}-)?[\dA-Z]{2,5}(?:[ -]?\d[A-Z\d]{1,3})?(?!\w)"
    ),
    re.compile(rf"({_AT_HOME})(?:[A-Z]{{1,2}}-)?\d{{5}}(?=[ ]{_UP})"),
    re.compile(rf"(\(address\),?[ ])(?:[A-Z]{{1,2}}-)?\d{{5}}(?:[ ]{_PROPER})?"),
    re.compile(r"(\b(?:AZ|CA|CO|FL|GA|IL|MA|MI|NC|NJ|NV|NY|OH|OR|PA|TX|VA|WA)[ ])\d{5}(?:-\d{4})?\b"),
)


def without_names(text: str) -> str:
    """`text` with "(name)" where somebody says who they are, is called by a title, or signs."""
    for pattern in _NAMES:
        text = pattern.sub(r"\1(name)", text)
    return text


def without_places(text: str) -> str:
    """`text` with "(address)" in place of a street with its number, and "(postcode)" in place of a postcode."""
    for pattern in _STREETS:
        text = pattern.sub(r"\1(address)", text)
    for pattern in _POSTCODES:
        text = pattern.sub(r"\1(postcode)", text)
    return text
