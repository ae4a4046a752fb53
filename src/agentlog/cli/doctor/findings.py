"""What a check says."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from rich.console import RenderableType

Level = Literal["ok", "note", "wrong"]


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at."""

    area: str
    level: Level
    """"wrong": something is not recorded, or not as it should be. "note": good to know, recording works."""
    what: str
    do: str = ""
    """What to do about it; "" where there is nothing to do."""

    def to_dict(self) -> dict[str, Any]:
        """As JSON values."""
        return asdict(self)


def shown(findings: list[Finding]) -> Iterable[RenderableType]:
    """For a terminal: by area, what to do below what was found, and a sentence at the end."""
    from rich.table import Table
    from rich.text import Text

    styles = {"ok": "green", "note": "yellow", "wrong": "bold red"}
    table = Table(box=None, show_header=False, pad_edge=False, padding=(0, 2, 0, 0))
    table.add_column(style="bold", no_wrap=True)
    table.add_column(no_wrap=True)
    table.add_column(overflow="fold")
    before = ""
    for one in findings:
        if before and one.area != before:
            table.add_row()
        what = Text(one.what)
        if one.do:
            what.append(f"\n→ {one.do}", style="dim" if one.level == "ok" else styles[one.level].removeprefix("bold "))
        table.add_row(one.area if one.area != before else "", Text(one.level, style=styles[one.level]), what)
        before = one.area
    yield table
    yield ""
    wrong = sum(one.level == "wrong" for one in findings)
    if wrong:
        yield Text(f"{wrong} {'thing is' if wrong == 1 else 'things are'} wrong.", style="bold red")
    else:
        yield Text("Nothing is wrong.", style="green")
