"""What a key says by its words, and whether a value looks the part."""
