"""One trace: its values, its people, and how its texts are rewritten."""
