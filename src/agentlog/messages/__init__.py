"""The words of a conversation, and how every API's dialect becomes them. Pure functions over plain data; floor 1."""

from agentlog.messages.dialects import DIALECTS, read
from agentlog.messages.reading import Reading
from agentlog.messages.streams import assemble

__all__ = ["DIALECTS", "Reading", "assemble", "read"]
