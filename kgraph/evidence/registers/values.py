"""Values as registers write them, in the form that the graph has; None for one of no certain form."""

import re
from datetime import date, timedelta
from decimal import Decimal
from urllib.parse import urlsplit

from stdnum.pl import nip, regon

from kgraph.base.text import hyphenated

DAY = re.compile(r"(?:^|: )(\d{4})-(\d{2})-(\d{2})(?= |T|$)")
POLISH_DAY = re.compile(r"^(\d{1,2})[.-](\d{1,2})[.-](\d{4})(?: ?r\.?)?$")
SERIAL = re.compile(r"^[234]\d{4}(?:\.0+)?$")
"""A day as a number of days since EPOCH; five digits that begin with 2, 3 or 4 are the years 1954 to 2036."""

EPOCH = date(1899, 12, 30)
"""Day 0 of spreadsheets."""


def day(text: str | None) -> str | None:
    """A day in ISO 8601.

    >>> [day(text) for text in ("2024-01-31", "stan: 2018-02-05", "31.01.2024 r.", "45322", "31.02.2024", "2024")]
    ['2024-01-31', '2018-02-05', '2024-01-31', '2024-01-31', None, None]
    """
    given = (text or "").strip()
    if SERIAL.match(given):
        return (EPOCH + timedelta(days=int(given[:5]))).isoformat()
    if found := DAY.search(given):
        parts = found.groups()
    elif found := POLISH_DAY.match(given):
        parts = found.groups()[::-1]
    else:
        return None
    return _calendar(*map(int, parts))


def _calendar(year: int, month: int, of_month: int) -> str | None:
    try:
        return date(year, month, of_month).isoformat()
    except ValueError:
        return None


AMOUNT = re.compile(r"\d+(?:[.,](?:\d{1,2}|\d{4,}))?")
"""An amount without spaces. Three digits after a mark may be thousands, so that they are no certain fraction."""


def amount(text: str | None) -> str | None:
    """An amount of money as a decimal number; None for one that can be read in two ways.

    >>> amount("1 234 567,80 zł"), amount("1234567.8"), amount("12.345"), amount("brak")
    ('1234567.80', '1234567.80', None, None)
    """
    given = re.sub(r"\s|zł$|PLN$|EUR$", "", text or "")
    return str(Decimal(given.replace(",", ".")).quantize(Decimal("0.01"))) if AMOUNT.fullmatch(given) else None


EMAIL = re.compile(r"[^\s@<>\"]+@[^\s@<>\"]+\.[^\s@<>\"]+")
PHONE = re.compile(r"\+?\d[\d ]{5,18}")


def email(text: str | None) -> str | None:
    """An e-mail address that stands alone."""
    given = (text or "").strip()
    return given if EMAIL.fullmatch(given) else None


def phone(text: str | None) -> str | None:
    """A telephone number in digits and spaces.

    >>> phone("tel. 85 7188100"), phone("25 640-00-00"), phone("25 1, 25 2")
    ('85 7188100', '25 640 00 00', None)
    """
    given = re.sub(r"[()/-]", " ", re.sub(r"^\s*(?:tel|fax)[.:]*", "", text or "", flags=re.IGNORECASE))
    shown = " ".join(given.split())
    return shown if PHONE.fullmatch(shown) else None


def web(text: str | None) -> str | None:
    """A web address as an IRI.

    >>> web("www.example.org"), web("http://example.org/a"), web("javascript:alert(1)"), web("nie ma")
    ('http://www.example.org', 'http://example.org/a', None, None)
    """
    given = (text or "").strip()
    address = f"http://{given}" if given.lower().startswith("www.") else given
    if re.search(r'[\s<>"{}|\\^`]', address):
        return None
    try:
        parts = urlsplit(address)
    except ValueError:
        return None
    return address if parts.scheme in ("http", "https") and "." in (parts.hostname or "") else None


def key(text: str | None) -> str | None:
    """A text as a name in an IRI; None for one without letters and digits."""
    return hyphenated(text or "") or None


def krs(text: str | None) -> str | None:
    """A number of KRS in ten digits; None for one of another form."""
    digits = (text or "").strip()
    return digits if re.fullmatch(r"\d{10}", digits) else None


def nip_number(text: str | None) -> str | None:
    """A number of NIP in ten digits, if its check digit is right.

    >>> nip_number("123-456-32-18"), nip_number("PL1234563218"), nip_number("1234563219")
    ('1234563218', '1234563218', None)
    """
    return nip.compact(text) if text and nip.is_valid(text) else None


def regon_number(text: str | None) -> str | None:
    """A number of REGON in nine digits, or in fourteen for a unit, if its check digits are right.

    >>> regon_number("123456785"), regon_number("12345678500000"), regon_number("123456784")
    ('123456785', '123456785', None)
    """
    digits = regon.compact(text or "")
    digits = digits.removesuffix("00000") if len(digits) == 14 else digits  # zeros fill up the nine digits of a whole
    return digits if regon.is_valid(digits) else None


POST_LINE = re.compile(r"\d{2}-\d{3} +(?P<town>.*?)(?: +\d+ ?[A-Za-z]?(?:/\d+)?)?")
"""The last line of an address: a post code, a town, and a number where the town has no streets."""


def town(line: str | None) -> str | None:
    """The town in the last line of an address.

    >>> town("16-060 Zabłudów"), town("88-231 Bytoń 72"), town("Warszawa")
    ('Zabłudów', 'Bytoń', None)
    """
    found = POST_LINE.fullmatch(" ".join((line or "").split()))
    return found["town"] if found and found["town"] else None


PLACE = re.compile(r"WOJ\.: *(?P<voivodeship>[^,|]+)(?:, *POW\.: *(?P<powiat>[^,|]+))?(?:, *GM\.: *(?P<gmina>[^|]+))?")
RURAL_GMINA = re.compile(r" +- +Gmina wiejska$", re.IGNORECASE)


def one_place(text: str | None) -> tuple[str, str, str, str] | None:
    """The voivodeship, powiat, gmina and town of a project that has one place; None for several or the whole country.

    Of a town and the rural gmina around it, the list says which it means: a gmina without a note is the town.

    >>> one_place("WOJ.: MAZOWIECKIE, POW.: siedlecki, GM.: Siedlce - Gmina wiejska")
    ('MAZOWIECKIE', 'siedlecki', 'Siedlce', '-')
    >>> one_place("WOJ.: MAZOWIECKIE, POW.: Siedlce, GM.: Siedlce")
    ('MAZOWIECKIE', 'Siedlce', 'Siedlce', 'Siedlce')
    >>> one_place("WOJ.: MAZOWIECKIE | WOJ.: LUBELSKIE"), one_place("Cały Kraj")
    (None, None)
    """
    found = PLACE.fullmatch((text or "").strip())
    if not found:
        return None
    voivodeship, powiat, gmina = (" ".join((part or "").split()) for part in found.groups())
    named = RURAL_GMINA.sub("", gmina)
    return voivodeship, powiat, named, "-" if named != gmina else named
