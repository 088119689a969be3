"""Small looks into WordprocessingML, by local name."""

from lxml.etree import _Element

_OFF = {"0", "false", "off", "none"}


def local(element: _Element) -> str:
    """The tag without its namespace; empty for what is no element."""
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def child(element: _Element | None, *path: str) -> _Element | None:
    """The first descendant along the path of local names."""
    for name in path:
        if element is None:
            return None
        element = next((each for each in element if local(each) == name), None)
    return element


def attr(element: _Element | None, name: str = "val") -> str:
    """An attribute by local name, else nothing."""
    if element is not None:
        for key, value in element.attrib.items():
            if str(key).rpartition("}")[2] == name:
                return str(value)
    return ""


def number(text: str, default: int = 0) -> int:
    """The attribute's whole number, or the default for what is none or beyond reason."""
    try:
        return int(text) if len(text) < 10 else default
    except ValueError:
        return default


def toggled(properties: _Element | None, name: str) -> bool | None:
    """Whether a toggle such as bold is on, off, or not said."""
    element = child(properties, name)
    return None if element is None else attr(element).lower() not in _OFF
