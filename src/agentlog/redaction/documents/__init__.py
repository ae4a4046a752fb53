"""Containers other than JSON: tables, markup, configuration, statements, letters; each read by a module of its own.

A reader looks for what it knows and says to `Fields` which key has which value; what a key says is judged there, by the
rules that JSON is judged by. No reader parses: whatever it does not understand it passes over.
"""

from agentlog.redaction.documents.reading import read

__all__ = ["read"]
