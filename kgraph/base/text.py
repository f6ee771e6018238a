"""Text without diacritics, for those who cannot type them."""

import unicodedata

UNDECOMPOSED = str.maketrans("łŁ", "lL")


def fold(text: str) -> str:
    """Lower case without diacritics, for comparing.

    >>> fold("Spółdzielnia „Zioła”")
    'spoldzielnia „ziola”'
    """
    decomposed = unicodedata.normalize("NFKD", text.translate(UNDECOMPOSED))
    return "".join(char for char in decomposed if not unicodedata.combining(char)).casefold()
