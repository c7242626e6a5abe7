"""Strangers' XML, read so that it can do nothing: no entities, no document types, no network, bounded by the request."""

from collections.abc import Iterator
from typing import TypeAlias

from lxml import etree

from directory.bills import money
from directory.bills.ubl import CAC, CBC
from directory.errors import InvalidInput, Message
from directory.text import BadText

Element: TypeAlias = etree._Element
NS = {"cac": CAC, "cbc": CBC}


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
    """20.00 and 20 are one rate."""
    try:
        return money.short(money.number(text))
    except BadText:
        return text


def each(element: Element, path: str) -> Iterator[Element]:
    yield from element.iterfind(path, NS)


def text_at(element: Element, path: str) -> str:
    found = element.find(path, NS)
    return "" if found is None else all_text(found)


def all_text(element: Element) -> str:
    return "".join(element.itertext()).strip()


def bad(message: Message) -> InvalidInput:
    return InvalidInput({"_body": message})
