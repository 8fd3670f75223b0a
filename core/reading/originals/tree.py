"""Looking things up in a parsed tree by local names: issuers disagree about namespaces and prefixes."""

from collections.abc import Iterator
from xml.etree.ElementTree import Element


def local(element: Element) -> str:
    """The name without its namespace; "" for a comment."""
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def namespace(element: Element) -> str:
    return element.tag[1:].partition("}")[0] if isinstance(element.tag, str) and element.tag[:1] == "{" else ""


def every(element: Element | None, *path: str) -> Iterator[Element]:
    """All elements at a path of child names."""
    if element is None:
        return
    first, *rest = path
    for child in element:
        if local(child) == first:
            if rest:
                yield from every(child, *rest)
            else:
                yield child


def one(element: Element | None, *path: str) -> Element | None:
    """The first element at a path of child names."""
    return next(every(element, *path), None)


def text(element: Element | None, *path: str) -> str:
    """The text at a path of child names, without blanks around it; "" when there is none."""
    found = one(element, *path) if path else element
    return "" if found is None else (found.text or "").strip()
