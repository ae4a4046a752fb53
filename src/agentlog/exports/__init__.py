"""Training files from examples: formats, their rules, the split, surrogates, and the consumers that prove them."""
