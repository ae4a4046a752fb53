"""Pictures, sounds, films and documents: their bytes, their address or the provider's id of them."""

from __future__ import annotations

import re
from base64 import b64encode
from typing import Any, Final
from urllib.parse import unquote_to_bytes

from agentlog.messages import parts
from agentlog.messages.parts import Part
from agentlog.messages.shapes import Block, first_text, kind_of, with_extra

MEDIA: Final = frozenset(
    "image image_url input_image output_image computer_screenshot audio input_audio audio_url video video_url "
    "file input_file document document_url media blob uri container_upload".split()
)
"""The types of blocks that hold media, in any API."""

_MIME: Final = tuple("mime_type media_type mimeType mimetype image_mimetype video_mimetype document_mimetype".split())
_DATA: Final = tuple("data base64 file_data b64_json image audio video bytes".split())
_URL: Final = tuple("url image_url file_url document_url video_url audio_url uri file_uri fileUri path".split())
_IDS: Final = ("file_id", "fileId")
_BASE64: Final = re.compile(rb"[A-Za-z0-9+/\r\n]+={0,2}")


def read_media(block: Block) -> list[Part]:
    """A picture, a sound, a film or a document, wherever the API puts it."""
    kind = kind_of(block)
    inner = next((block[key] for key in ("source", kind, "file") if isinstance(block.get(key), dict)), None)
    held: Block = block if inner is None else inner
    mime = first_text(held, _MIME) or first_text(block, _MIME)
    sound = held.get("format")
    if mime is None and isinstance(sound, str) and "audio" in kind:
        mime = sound if "/" in sound else f"audio/{sound}"
    for key in _DATA:
        data = held.get(key)
        if isinstance(data, str | bytes | bytearray) and data:
            return [_beside(read_data(data, mime), block, held)]
    for key in _URL:
        url = held.get(key)
        if isinstance(url, dict):  # OpenAI chat: {"image_url": {"url": …, "detail": …}}
            held, url = url, url.get("url")
        if isinstance(url, str) and url:
            return [_beside(read_url(url, mime), block, held)]
    # `id` names the file only where the block says so (LangChain's first format); else it is the block's own
    id = first_text(held, (*_IDS, "id") if held.get("source_type") == "id" else _IDS)
    if id:
        return [_beside(parts.file(id, mime), block, held)]
    text = held.get("text")
    if isinstance(text, str) and text:
        return [with_extra(parts.text(text), block, "text")]
    return [parts.json_block(block, kind)]


def _beside(part: Part, block: Block, held: Block) -> Part:
    """`part` with the file's name, the picture's detail and what else stands beside its bytes."""
    known = (*_MIME, *_DATA, *_URL, *_IDS, "source", "source_type", "input_audio", "file", "format")
    return with_extra(part, {**block, **held}, *known)


def read_data(data: Any, mime_type: str | None) -> Part:
    """Base64, raw bytes or a `data:` address as a blob."""
    if isinstance(data, bytes | bytearray | memoryview):
        raw = bytes(data)
        # LlamaIndex holds pictures as bytes that are base64 already
        data = raw.decode() if _BASE64.fullmatch(raw[:400]) else b64encode(raw).decode()
    elif not isinstance(data, str):
        return parts.json_block(data, mime_type)
    if data.startswith("data:"):
        head, _, body = data.partition(",")
        given = head[5:].split(";")[0] or mime_type
        return parts.blob(given, body if head.endswith(";base64") else b64encode(unquote_to_bytes(body)).decode())
    return parts.blob(mime_type, data)


def read_url(url: str, mime_type: str | None = None) -> Part:
    """An address: a blob where it carries its data, else a `uri`."""
    return read_data(url, mime_type) if url.startswith("data:") else parts.uri(url, mime_type)
