"""What CLDR says in one language, read from babel's file of it: nothing inherited, and babel's own cache left alone.

That cache hands out merged data of other languages once some were loaded without what they inherit.
"""

from __future__ import annotations

import pickle
from typing import Any

from babel.localedata import resolve_locale_filename


def own_data(locale: str) -> dict[str, Any]:
    """Returns a locale's own entries by kind: months, days, territories, time_zones and others."""
    with open(resolve_locale_filename(locale), "rb") as file:
        data: dict[str, Any] = pickle.load(file)
    return data
