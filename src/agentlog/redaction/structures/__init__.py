"""Objects and lists: reads JSON and its like, and judges values by keys and by what lies around them."""
