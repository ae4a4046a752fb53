"""Values that carry their own proof: a fixed form, a checksum, a prefix that nothing else has."""
