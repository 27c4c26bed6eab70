"""Parts a browser's panel into the lines of the request and what is shown around them.

DevTools and Postman have titles above the sections, DevTools in the language of the
browser. Without titles all lines are those of the request.
"""

from __future__ import annotations

import re
from typing import NamedTuple

_REQUEST = (
    "(?:http )?request(?: headers?)?"
    "|an(?:frage|forderungs)-?header|请求标头|请求头|要求標頭|請求標頭"
    "|リクエスト ?ヘッダー|要求ヘッダー|요청 헤더|заголовки запрос[а-я]+"  # noqa: RUF001  (its letters)
    "|en-têtes de (?:la )?(?:requête|demande)"
    "|(?:encabezados|cabeceras) de (?:la )?(?:solicitud|petición)"
    "|cabeçalhos d[aeo] (?:solicitação|pedido|requisição)"
    "|intestazioni (?:della )?richiest[ae]|nagłówki żądania|istek başlıkları"  # noqa: RUF001  (its letters)
    "|(?:aanvraag|verzoek)headers"
)
_RESPONSE = (
    "(?:http )?response(?: headers?)?"
    "|antwort-?header|响应标头|响应头|回應標頭|レスポンス ?ヘッダー"
    "|応答ヘッダー|응답 헤더|заголовки ответ[а-я]+|en-têtes de (?:la )?réponse"  # noqa: RUF001  (its letters)
    "|(?:encabezados|cabeceras) de (?:la )?respuesta|cabeçalhos d[ae] resposta"
    "|intestazioni (?:della )?rispost[ae]|nagłówki odpowiedzi|yanıt başlıkları"  # noqa: RUF001  (its letters)
    "|antwoordheaders"
)
_OTHER = (
    "general|handshake details|messages|allgemein|常规|常規|一般|全般|일반|общие"
    "|général|información general|geral|generali|ogólne|genel|algemeen"
)
_title = re.compile(
    f"(?i)(?:(?P<request>{_REQUEST})|(?P<response>{_RESPONSE})|(?:{_OTHER}))"
    r"(?: *[(\uff08].*[)\uff09])?(?: *view \w+)*[:\uff1a]?"
)
_general = re.compile(
    rb"(?i)(Request URL|Request Method|Status Code|Status|Remote Address"
    rb"|Referrer Policy|Version|Scheme):?[ \t]*+(.*)"
)
# In any other language; what is an address is told by its scheme.
_status = re.compile(
    r"(?:[^:\uff1a]*[:\uff1a] ?)?(?P<status>[1-5][0-9]{2})(?: [A-Za-z ]+)?"
)
_field = re.compile(r":?[!#$%&'*+\-.^_`|~0-9A-Za-z]++(?:[ \t]*:.*)?")
_DECORATION = b"-=#*>_ \t"
_PROVISIONAL = b"Provisional headers are shown"


class Panel(NamedTuple):
    """The lines of the request's section, and what else the panel says.

    `provisional` says that the browser shows what it meant to send.
    """

    lines: list[bytes]
    general: dict[bytes, bytes]
    provisional: bool


def read_panel(lines: list[bytes]) -> Panel:
    """Return the panel that these lines are; none may be empty."""
    undecorated = (line.strip(_DECORATION).decode("utf-8", "replace") for line in lines)
    titles = list(map(_title.fullmatch, undecorated))
    titled = any(title and title["request"] for title in titles)
    section, name = ("" if titled else "request"), b""
    wanted: list[bytes] = []
    general: dict[bytes, bytes] = {}
    provisional = False
    for line, title in zip(lines, titles, strict=True):
        fact = _general.fullmatch(line)
        if title:
            section, name = title.lastgroup or "", b""
        elif name:  # its value is in the next line
            general[name], name = line, b""
        elif fact and section != "response":
            name = b"" if fact[2] else fact[1].lower()
            general.setdefault(fact[1].lower(), fact[2])
        elif section == "request":
            notice = _PROVISIONAL in line or (titled and not wanted and _says(line))
            provisional = provisional or notice
            wanted += [] if notice else [line]
        elif not section and titled:
            found = _status.fullmatch(line.decode("utf-8", "replace"))
            if found:
                general.setdefault(b"status code", found["status"].encode())
    return Panel(wanted, general, provisional)


def _says(line: bytes) -> bool:
    """Return whether a line is a sentence of the browser, in whichever language."""
    return _field.fullmatch(line.decode("utf-8", "replace")) is None
