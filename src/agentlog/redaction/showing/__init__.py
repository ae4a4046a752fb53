"""Look before you trust: before and after, with the reason of each finding."""
