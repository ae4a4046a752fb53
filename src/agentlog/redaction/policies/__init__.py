"""What an application asks for: its policy, its own recognizers, what it knows and what it allows."""
