"""The report: one page that says what an agent costs, and what small models can take over, with what evidence.

traffic            what was recorded, counted
agency             who decides what runs next: a model, or code
tasks              the tasks, counted on the records as they are now
studies            what the study holds of small models; evidence: what may be said of them
shares             how much in all
figures            all of it, and the sentence that it comes to
page               the document; section_*, elements, drawing, markup, words, style.css: its parts
writing            `report` and `Report`
"""

from __future__ import annotations

from agentlog.reporting.writing import Report, report

__all__ = ["Report", "report"]
