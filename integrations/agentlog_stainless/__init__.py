"""What the SDKs of OpenAI and Anthropic have in common: Stainless generates both, and their clients have one shape.

An integration says in a `Sdk` what is its own (which requests call a model, how answers are put together); the rest is
here. No SDK is imported before `Hooks` is made.

    sdk.py       what an integration says of its SDK
    hooks.py     the places in the SDK where calls are seen
    reading.py   an answer that is still being read, and the moment when it ends
    answers.py   models, chunks and bytes of an SDK as plain bodies
    hosts.py     which provider a host belongs to
"""
