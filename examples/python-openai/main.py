"""An agent that makes one call to OpenAI, traced by OpenTelemetry's own instrumentation."""

from openai import OpenAI
from opentelemetry import trace
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.instrumentation.genai.openai import OpenAIInstrumentor
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor

# Endpoint, headers, service name and resource attributes come from the OTEL_* variables.
provider = TracerProvider()
provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
OpenAIInstrumentor().instrument(tracer_provider=provider)
trace.set_tracer_provider(provider)

tracer = trace.get_tracer("shop")
client = OpenAI()  # OPENAI_API_KEY and OPENAI_BASE_URL

# Optional: calls below a span with these attributes belong to the agent, the user and the conversation.
agent = {
    "gen_ai.operation.name": "invoke_agent",
    "gen_ai.agent.name": "order-helper",
    "gen_ai.agent.version": "1.2.0",
    "gen_ai.conversation.id": "conversation-42",
    "user.id": "user-17",
}
with tracer.start_as_current_span("invoke_agent order-helper", attributes=agent):
    completion = client.chat.completions.create(
        model="gpt-4.1-mini",
        messages=[
            {"role": "system", "content": "You answer questions about orders in one sentence."},
            {"role": "user", "content": "Where is order 1001?"},
        ],
    )
print(completion.choices[0].message.content)

provider.shutdown()  # sends what is still queued
