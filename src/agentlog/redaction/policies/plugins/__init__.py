"""Recognizers of other makers: Presidio's, and models that tag names. Imported late, never downloaded."""
