"""OpenTelemetry as its documentation sets it up: a batch processor, OTLP over HTTP. For the peers that leave this to the application."""

from opentelemetry import trace
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor


def batch(where: str) -> BatchSpanProcessor:
    """The processor with its exporter."""
    return BatchSpanProcessor(OTLPSpanExporter(f"{where}/v1/traces"))


def start(where: str) -> None:
    """The global tracer provider."""
    provider = TracerProvider()
    provider.add_span_processor(batch(where))
    trace.set_tracer_provider(provider)


def flush() -> None:
    """The batch processor is empty."""
    trace.get_tracer_provider().force_flush()
