"""Which characters are Chinese ones, for all who look for words and names; rare ones (䶮, 𬭎) stand in the extensions."""

from typing import Final

COMMON: Final = "一-鿿"
"""The block that running text keeps to, as the inside of a regular expression's character class."""
HAN: Final = rf"㐀-䶿{COMMON}豈-﫿〇\U00020000-\U0003ffff"
"""Every Chinese character, as the inside of a regular expression's character class."""
