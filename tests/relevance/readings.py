"""Which names read the same, and the ways of writing one that must all find it: judged without the code's own folding, so
that a mistake there is not repeated here.
"""

import re
import unicodedata

# As few as will do: what they leave out only makes the test stricter.
FORMS = re.compile(
    r"[\s,]+(inc|incorporated|ltd|ltee|limited|limitee|llc|corp|corporation|co|company|plc|gmbh|sa|sas|sarl|bv|nv|ag|lp|llp|pty"
    r"|spa|srl|ab|as|oy|enr|senc|s e n c|kg|sci|snc|kk)\.?$"
)


def plain(text: str) -> str:
    decomposed = unicodedata.normalize("NFKD", text.replace("œ", "oe").replace("Œ", "OE").replace("’", "'"))
    return "".join(c for c in decomposed if not unicodedata.combining(c)).lower()


def without_form(name: str) -> str:
    bare = plain(name).replace(".", "")
    while (shorter := FORMS.sub("", bare)) != bare:
        bare = shorter
    return bare


def reading(name: str) -> str:
    return re.sub(r"\W", "", re.sub(r"\b(et|und)\b|[&+]", "and", without_form(name)))


STYLES = {
    "as it is written": lambda name: name,
    "without accents": plain,
    "in upper case": str.upper,
    "without its legal form": without_form,
    "with its words joined": lambda name: "".join(without_form(name).split()),
    "without punctuation": lambda name: re.sub(r"[^\w\s&+]", "", plain(name)),
}


def words(name: str) -> list[str]:
    """The words of a name or of a text, legal form and all, as letters and digits."""
    return re.findall(r"\w+", re.sub(r"\b(et|und)\b|[&+]", " and ", plain(name).replace(".", "")))


def spellings(name: str) -> set[str]:
    """All of its words joined, as they are written and with Saint for St."""
    return {"".join(words(name)), "".join("saint" if word == "st" else word for word in words(name))}


def is_meant(found: str, name: str, text: str) -> bool:
    """Whether the found name reads like the one typed, as far as a text is read: to 64 characters and 8 words."""
    read_part = text[:64].split()[:8]
    if " ".join(read_part) == " ".join(text.split()):
        return reading(found) == reading(name)
    both = (lambda said: "".join(words(said)), lambda said: "".join(filter(str.isalnum, plain(said))))
    return any(joined(found).startswith(joined(" ".join(read_part))) for joined in both)
