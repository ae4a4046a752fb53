"""What an import did."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

_SHOWN = 3


@dataclass(frozen=True)
class Imported:
    """What `import_records` did; it shows itself in a few lines.

    Importing the same source again adds nothing: everything is counted in `already` then.
    """

    path: Path
    """The dataset."""
    calls: int = 0
    """Calls that were added."""
    feedback: int = 0
    """Feedback that was added."""
    already: int = 0
    """Calls and feedback that were there before."""
    unsupported: Mapping[str, int] = field(default_factory=dict)
    """Records that are no calls of an API that is known here: reason → number."""
    bad: tuple[tuple[str, int, str], ...] = ()
    """Lines that could not be read: file, line (or place in a JSON list, from 1) and reason; the first 1,000."""
    bad_lines: int = 0
    """How many there were in all."""
    operations: Mapping[str, int] = field(default_factory=dict)
    """Of the added calls: operation → number."""
    surfaces: Mapping[str, int] = field(default_factory=dict)
    """Of the added calls: surface → number."""
    withheld: int = 0
    """Of the added calls: some content is withheld, because a person read it."""
    failed: int = 0
    """Of the added calls: only the shape is stored, because they could not be redacted."""
    replaced: Mapping[str, int] = field(default_factory=dict)
    """Values that were replaced: entity → number."""
    files: Mapping[str, str] = field(default_factory=dict)
    """File → its format."""
    tools_absent: bool = False
    """Some calls used tools whose definitions the source does not hold (`tools=` adds them; none is ever made up)."""
    notes: tuple[str, ...] = ()
    """What else there is to know: files that were left out, times that the source does not say."""

    def __repr__(self) -> str:
        lines = [
            f"imported into {self.path}: {self.calls:,} {'call' if self.calls == 1 else 'calls'}{_counted(self.operations)}, "
            f"{self.feedback:,} feedback"
        ]
        if self.already:
            lines.append(f"  there already  {self.already:,}")
        if self.calls:
            lines.append(
                f"  surface        {_counted(self.surfaces).strip(' ()')}; {self.withheld:,} with content withheld"
            )
            lines.append(f"  replaced       {sum(self.replaced.values()):,} values{_counted(self.replaced)}")
        if self.failed:
            lines.append(f"  failed         {self.failed:,} could not be redacted: only their shape is stored")
        lines += [f"  not supported  {number:,} {reason}" for reason, number in sorted(self.unsupported.items())]
        lines += [f"  bad            {file}:{line}: {reason}" for file, line, reason in self.bad[:_SHOWN]]
        if self.bad_lines > _SHOWN:
            lines.append(f"  bad            … {self.bad_lines:,} in all; Imported.bad has their numbers and reasons")
        if self.tools_absent:
            lines.append(
                "  tools          their definitions are not in the source: give them with tools= (--tools FILE)"
            )
        lines += [f"  note           {note}" for note in self.notes]
        return "\n".join(lines)


def _counted(counts: Mapping[str, int]) -> str:
    """Counts as ` (a 3, b 1)`, the greatest first; nothing when there are none."""
    if not counts:
        return ""
    ordered = sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))
    return f" ({', '.join(f'{name} {number:,}' for name, number in ordered)})"
