"""What becomes of a call after it ended: read, held with its trace, judged, redacted, written. One implementation, two homes."""
