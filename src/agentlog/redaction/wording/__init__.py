"""What the wording around a value gives away: cues, names, addresses, answers."""
