"""Parquet parts: their schema, how they are written so that nothing half-written is seen, how they are read."""
