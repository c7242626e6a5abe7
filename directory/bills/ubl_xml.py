"""Strangers' XML, read so that it can do nothing: no entities, no document types, no network, bounded by the request."""

import re
from collections.abc import Iterator
from typing import TypeAlias

from lxml import etree

from directory.bills.ubl import CAC, CBC
from directory.errors import InvalidInput, Message

Element: TypeAlias = etree._Element
NS = {"cac": CAC, "cbc": CBC}
_DECIMAL = re.compile(r"([+-]?)0*([0-9]*)(?:\.([0-9]*?)0*)?", re.ASCII)  # xsd:decimal
_LONGEST = 60  # of a decimal; of a longer one the rules say what is wrong with it
_DAY = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})(?:Z|[+-][0-9]{2}:[0-9]{2})", re.ASCII)  # xsd:date with its zone


def parse(data: bytes) -> Element:
    """The root. The parser follows nothing and expands nothing. Raises InvalidInput."""
    # The bytes are read as UTF-8 whatever they say of themselves: else `<!DOCTYPE` could hide in another encoding.
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise bad(Message("The XML must be UTF-8.")) from None
    if "<!DOCTYPE" in text:
        raise bad(Message("A document type declaration is not taken."))
    parser = etree.XMLParser(
        encoding="utf-8",
        resolve_entities=False,
        load_dtd=False,
        no_network=True,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        return etree.fromstring(text.encode(), parser)
    except (etree.XMLSyntaxError, ValueError):
        raise bad(Message("The XML is not well formed.")) from None


def plain(text: str) -> str:
    """A decimal in the one way in which the rules take it: 20.00 is 20, as are +20 and 020; .5 is 0.5."""
    found = _DECIMAL.fullmatch(text) if len(text) <= _LONGEST else None
    if found is None or not (found[2] or found[3] or "0" in text):
        return text
    digits = (found[2] or "0") + (f".{found[3]}" if found[3] else "")
    return f"-{digits}" if found[1] == "-" and digits != "0" else digits


def day(text: str) -> str:
    """Without the zone that XML lets a day have: it is that day where the invoice was written."""
    found = _DAY.fullmatch(text)
    return found[1] if found else text


def one_line(text: str) -> str:
    """Lines and tabs are how a document is laid out, or what its program has several lines for."""
    return re.sub(r"[\t\r\n]+", " ", text)


def each(element: Element, path: str) -> Iterator[Element]:
    yield from element.iterfind(path, NS)


def text_at(element: Element, path: str) -> str:
    found = element.find(path, NS)
    return "" if found is None else all_text(found)


def all_text(element: Element) -> str:
    return "".join(element.itertext()).strip()


def bad(message: Message) -> InvalidInput:
    return InvalidInput({"_body": message})
