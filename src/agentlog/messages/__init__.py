"""The words of a conversation, and how every API's dialect becomes them. Pure functions over plain data; floor 1."""
