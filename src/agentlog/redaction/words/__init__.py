"""Words, and tables of words: what a text is parted into, names, places, ordinary words."""
