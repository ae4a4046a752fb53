"""Record every model and tool call an agent makes, and turn the records into training data."""
