"""Which licences a user allows."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from typing import Final

from agentlog.errors import ConfigurationError, UnknownName

COMMERCIAL: Final = "commercial"
PERMISSIVE: Final = "permissive"
YES: Final = "yes"
NO: Final = "no"
CONDITIONS: Final = "conditions"

_SPDX: Final = (
    "Apache-2.0", "MIT", "BSD-2-Clause", "BSD-3-Clause", "CC-BY-4.0", "CC-BY-SA-4.0", "CC-BY-NC-4.0", "CC-BY-NC-SA-4.0",
    "CC0-1.0", "ISC", "MPL-2.0", "GPL-3.0-only", "AGPL-3.0-only", "OpenMDW-1.0",
)  # fmt: skip


class Allowed:
    """What the argument `licences` allows: everything, a use, or a set of SPDX ids."""

    def __init__(self, licences: str | Iterable[str] | None, known: Iterable[str]) -> None:
        """Read the argument.

        Args:
            licences: None: all; "commercial": all that do not forbid commercial use; "permissive": only those that allow
                it without conditions of their own; else one SPDX id or several.
            known: the ids that occur in the catalogue.

        Raises:
            ConfigurationError: it is no text and no list of texts, or an empty list.
            UnknownName: nobody knows the licence; the message holds close names.
        """
        self.use = licences if licences in (COMMERCIAL, PERMISSIVE) else None
        self.ids: frozenset[str] | None = None
        if licences is None or self.use is not None:
            return
        names = [licences] if isinstance(licences, str) else list(licences)
        if not names or not all(isinstance(name, str) for name in names):
            raise ConfigurationError(
                f"licences is None, 'commercial', 'permissive', or SPDX ids like ['Apache-2.0', 'MIT']; found {licences!r}"
            )
        ids = {name.lower(): name for name in (*_SPDX, *known)}
        for name in names:
            if name.lower() not in ids:
                close = difflib.get_close_matches(name.lower(), ids, n=4, cutoff=0.4)
                close += [one for one in ids if name.lower() in one and one not in close]
                known_names = ", ".join(ids[one] for one in close[:5] or sorted(ids))
                raise UnknownName(
                    f"no licence {name!r}. Use 'commercial', 'permissive' or an SPDX id; close: {known_names}"
                )
        self.ids = frozenset(ids[name.lower()] for name in names)

    def refuses(self, spdx: str | None, commercial: str, why: str) -> str:
        """Why a model's licence is not allowed; "" where it is."""
        if self.ids is not None:
            if spdx in self.ids:
                return ""
            return f"licence {spdx or 'not known'} is not among {', '.join(sorted(self.ids))}"
        if self.use is None or commercial == YES or (self.use == COMMERCIAL and commercial == CONDITIONS):
            return ""
        reason = {NO: "forbids commercial use", CONDITIONS: "has conditions"}.get(commercial, "is not known")
        return f"licence {spdx or ''} {reason}".replace("  ", " ") + (f" ({why})" if why else "")
