"""What users touch: the decorator, the session block, and `instrument`, which finds the integration of a framework."""
