"""S6, the next round."""
