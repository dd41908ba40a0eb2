"""Bars, drawn as SVG without script, style or font: the page's style sheet has their classes. Does no input or output.

Every bar has its figure in a title, and every chart its table beside it, so that
neither colour nor sight is needed.
"""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import Literal

import svg
from markupsafe import Markup

_WIDTH = 640.0
_WIDEST = 72.0  # of one bar; a single year is no wall
_GAP = 0.25  # of a bar's room


def bars(
    values: Sequence[float],
    *,
    labels: Sequence[str],
    words: Sequence[str],
    title: str,
    height: float = 160,
    top: float | None = None,
    every: int = 1,
    numbers: bool = False,
    outlined: Sequence[float] = (),
    scale: str = "",
    width: float = _WIDTH,
) -> Markup:
    """A bar for each value, with every `every`th label below; `words` say each value, `numbers` writes them on top.

    `top` is the value of a full bar where several charts share a scale; `scale` says it in words, at a line of its
    height. Of each value, so much as `outlined` says is drawn as an outline.
    """
    foot, head = 22.0, 18.0 if numbers or scale else 4.0
    most = top or max(values, default=0) or 1
    room = width / max(1, len(values))
    broad = min(room * (1 - _GAP), _WIDEST)
    full = height - foot - head
    drawn: list[svg.Element] = [_line(height - foot, width)]
    if scale:
        drawn += [_line(head, width, "scale"), _text(0, head - 5, scale, "label", start=True)]
    for place, value in enumerate(values):
        x = place * room
        if value > 0:
            tall = max(full * min(1.0, value / most), 1.5)
            light = tall * min(1.0, outlined[place] / value) if outlined else 0.0
            drawn += _bar(x + (room - broad) / 2, height - foot, broad, tall, light, f"{labels[place]}: {words[place]}")
            if numbers:
                drawn.append(_text(x + room / 2, height - foot - tall - 5, words[place], "value"))
        if place % every == 0:
            # A label wider than its bar begins with it, so that the first one is not cut off.
            start = every > 1
            drawn.append(_text(x + (0 if start else room / 2), height - 6, labels[place], "label", start=start))
    picture = svg.SVG(
        viewBox=svg.ViewBoxSpec(0, 0, width, height),
        class_=["chart"],
        elements=[svg.Title(text=_safe(title)), *drawn],
    )
    # The library escapes nothing; `_safe` did, for everything that is not a number.
    return Markup(picture.as_str().replace("<svg ", '<svg role="img" ', 1))  # noqa: S704


def bar(value: float, most: float) -> Markup:
    """One bar lying down, as long as its share of `most`."""
    share = round(100 * value / (most or 1), 1)
    picture = svg.SVG(
        viewBox=svg.ViewBoxSpec(0, 0, 100, 8),
        preserveAspectRatio=svg.PreserveAspectRatio("none"),
        class_=["bar"],
        elements=[svg.Rect(x=0, y=0, width=max(share, 0.5), height=8)],
    )
    return Markup(picture.as_str().replace("<svg ", '<svg aria-hidden="true" ', 1))  # noqa: S704


def _bar(x: float, foot: float, width: float, tall: float, light: float, words: str) -> list[svg.Element]:
    """A bar that stands on `foot`, the uppermost `light` of it an outline."""
    parts = ((foot - tall + light, tall - light, "full"), (foot - tall, light, "outlined"))
    return [_part(x, y, width, height, kind, words) for y, height, kind in parts if height > 0]


def _part(x: float, y: float, width: float, height: float, kind: str, words: str) -> svg.Element:
    return svg.Rect(
        x=round(x, 1),
        y=round(y, 1),
        width=round(width, 1),
        height=round(height, 1),
        class_=[kind],
        elements=[svg.Title(text=_safe(words))],
    )


def _line(y: float, width: float, kind: str = "axis") -> svg.Element:
    return svg.Line(x1=0, x2=width, y1=y, y2=y, class_=[kind])


def _text(x: float, y: float, words: str, kind: str, *, start: bool = False) -> svg.Element:
    anchor: Literal["start", "middle"] = "start" if start else "middle"
    return svg.Text(x=round(x, 1), y=round(y, 1), class_=[kind], text_anchor=anchor, text=_safe(words))


def _safe(words: str) -> str:
    return escape(words)
