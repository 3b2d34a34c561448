"""The few elements that the figures are made of."""

from collections.abc import Iterable
from xml.etree.ElementTree import Element, SubElement, tostring

SANS = "system-ui, sans-serif"
TYPE_SIZE = 11
INK, SOFT, RULE, MAIN = "#17202a", "#56636f", "#d7dde3", "#0a5a80"


def figure(
    ident: str,
    width: int,
    height: int,
    *,
    title: str,
    says: str,
    kind: str,
    type_size: int = TYPE_SIZE,
) -> Element:
    """An empty drawing that says what it shows. `ident` is unlike any other on the page."""
    drawing = Element(
        "svg",
        {
            "xmlns": "http://www.w3.org/2000/svg",
            "viewBox": f"0 0 {width} {height}",
            "role": "img",
            "class": f"figure {kind}",
            "aria-labelledby": f"{ident}-title {ident}-says",
            "font-family": SANS,
            "font-size": str(type_size),
        },
    )
    SubElement(drawing, "title", {"id": f"{ident}-title"}).text = title
    SubElement(drawing, "desc", {"id": f"{ident}-says"}).text = says
    return drawing


def label(
    parent: Element, x: float, y: float, words: str, *, anchor: str = "start", kind: str = "label"
) -> Element:
    place = {"x": number(x), "y": number(y), "text-anchor": anchor, "class": kind, "fill": SOFT}
    element = SubElement(parent, "text", place)
    element.text = words
    return element


def box(parent: Element, x: float, y: float, width: float, height: float, **more: str) -> Element:
    place = {
        "x": number(x),
        "y": number(y),
        "width": number(width),
        "height": number(height),
    }
    return SubElement(parent, "rect", place | named(more))


def line(parent: Element, x1: float, y1: float, x2: float, y2: float, **more: str) -> Element:
    place = {"x1": number(x1), "y1": number(y1), "x2": number(x2), "y2": number(y2)}
    return SubElement(parent, "line", {"stroke": RULE} | place | named(more))


def circle(parent: Element, x: float, y: float, radius: float, **more: str) -> Element:
    place = {"cx": number(x), "cy": number(y), "r": number(radius)}
    return SubElement(parent, "circle", place | named(more))


def path(parent: Element, rings: Iterable[Iterable[tuple[float, float]]], **more: str) -> Element:
    drawn = "".join(
        "M" + "L".join(f"{number(x)} {number(y)}" for x, y in ring) + "Z" for ring in rings
    )
    return SubElement(parent, "path", {"d": drawn} | named(more))


def hint(element: Element, words: str) -> None:
    """What a pointer that rests on it shows."""
    SubElement(element, "title").text = words


def written(drawing: Element) -> str:
    return tostring(drawing, encoding="unicode")


def number(value: float) -> str:
    return f"{value:.1f}".rstrip("0").rstrip(".")


def named(more: dict[str, str]) -> dict[str, str]:
    """`class_` and `fill_opacity` as SVG spells them."""
    return {key.rstrip("_").replace("_", "-"): value for key, value in more.items()}
