"""`agentlog demo`: a real agent at work, and everything that becomes of its calls. `story.run` tells it."""
