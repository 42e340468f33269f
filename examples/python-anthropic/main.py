"""An agent that streams an answer from Anthropic with a cached prompt. The SDK traces itself."""

from anthropic import Anthropic
from opentelemetry import trace
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor

# Endpoint, headers, service name and resource attributes come from the OTEL_* variables.
provider = TracerProvider()
provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
trace.set_tracer_provider(provider)

tracer = trace.get_tracer("reviews")
client = Anthropic()  # ANTHROPIC_API_KEY and ANTHROPIC_BASE_URL
handbook = "Reviews are friendly and end with one suggestion. " * 200  # long enough to be cached

# Optional: calls below a span with these attributes belong to the agent, the user and the conversation.
agent = {
    "gen_ai.operation.name": "invoke_agent",
    "gen_ai.agent.name": "code-reviewer",
    "gen_ai.agent.version": "1.9.0",
    "gen_ai.conversation.id": "conversation-7",
    "user.id": "user-3",
}
with tracer.start_as_current_span("invoke_agent code-reviewer", attributes=agent):
    with client.messages.stream(
        model="claude-sonnet-4-5",
        max_tokens=300,
        system=[{"type": "text", "text": handbook, "cache_control": {"type": "ephemeral"}}],
        messages=[{"role": "user", "content": "Review: def add(a, b): return a - b"}],
    ) as stream:
        for text in stream.text_stream:
            print(text, end="", flush=True)
print()

provider.shutdown()  # sends what is still queued
