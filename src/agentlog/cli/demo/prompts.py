"""The agent's prompts. The script of the provider knows by them what it is asked, as a model would."""

from __future__ import annotations

from typing import Final

TRIAGE: Final = "Classify the support ticket as refund, shipping, account or technical. Answer with that one word."
EXTRACT: Final = (
    "Extract from the support ticket what the fields below ask for. Leave a field empty that is not mentioned."
)
ANSWER: Final = (
    "You answer the support tickets of an online shop, politely and in at most five sentences. Call one of the tools "
    "before you answer: lookup_order for a question about an order, create_ticket for everything that a person has to do."
)
CHECK: Final = "Check the reply to a support ticket before it is sent. Say what is true of it."
