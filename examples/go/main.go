// An agent that makes one call to OpenAI, traced with the OpenTelemetry Go SDK and the GenAI semantic conventions.
package main

import (
	"context"
	"fmt"
	"log"

	"github.com/openai/openai-go/v3"
	"go.opentelemetry.io/otel"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/exporters/otlp/otlptrace/otlptracehttp"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/trace"
)

var tracer = otel.Tracer("shop")

func main() {
	if err := run(context.Background()); err != nil {
		log.Fatal(err)
	}
}

func run(ctx context.Context) error {
	// Endpoint, headers, service name and resource attributes come from the OTEL_* variables.
	exporter, err := otlptracehttp.New(ctx)
	if err != nil {
		return err
	}
	provider := sdktrace.NewTracerProvider(sdktrace.WithBatcher(exporter))
	defer provider.Shutdown(ctx) // sends what is still queued
	otel.SetTracerProvider(provider)

	// Optional: calls below a span with these attributes belong to the agent, the user and the conversation.
	ctx, span := tracer.Start(ctx, "invoke_agent order-helper", trace.WithAttributes(
		attribute.String("gen_ai.operation.name", "invoke_agent"),
		attribute.String("gen_ai.agent.name", "order-helper"),
		attribute.String("gen_ai.agent.version", "1.2.0"),
		attribute.String("gen_ai.conversation.id", "conversation-42"),
		attribute.String("user.id", "user-17"),
	))
	defer span.End()

	client := openai.NewClient() // OPENAI_API_KEY and OPENAI_BASE_URL
	completion, err := chat(ctx, client, openai.ChatCompletionNewParams{
		Model: openai.ChatModelGPT4_1Mini,
		Messages: []openai.ChatCompletionMessageParamUnion{
			openai.SystemMessage("You answer questions about orders in one sentence."),
			openai.UserMessage("Where is order 1001?"),
		},
	})
	if err != nil {
		return err
	}
	fmt.Println(completion.Choices[0].Message.Content)
	return nil
}

// chat is Chat.Completions.New with a span around it.
func chat(ctx context.Context, client openai.Client, params openai.ChatCompletionNewParams) (*openai.ChatCompletion, error) {
	ctx, span := tracer.Start(ctx, "chat "+params.Model, trace.WithSpanKind(trace.SpanKindClient), trace.WithAttributes(
		attribute.String("gen_ai.operation.name", "chat"),
		attribute.String("gen_ai.provider.name", "openai"),
		attribute.String("gen_ai.request.model", params.Model),
	))
	defer span.End()
	completion, err := client.Chat.Completions.New(ctx, params)
	if err != nil {
		span.SetStatus(codes.Error, err.Error())
		span.SetAttributes(attribute.String("error.type", fmt.Sprintf("%T", err)))
		return nil, err
	}
	reasons := make([]string, len(completion.Choices))
	for i, choice := range completion.Choices {
		reasons[i] = choice.FinishReason
	}
	// The totals and their parts: cached tokens are counted in the input, reasoning in the output.
	usage := completion.Usage
	span.SetAttributes(
		attribute.String("gen_ai.response.id", completion.ID),
		attribute.String("gen_ai.response.model", completion.Model),
		attribute.StringSlice("gen_ai.response.finish_reasons", reasons),
		attribute.Int64("gen_ai.usage.input_tokens", usage.PromptTokens),
		attribute.Int64("gen_ai.usage.output_tokens", usage.CompletionTokens),
		attribute.Int64("gen_ai.usage.cache_read.input_tokens", usage.PromptTokensDetails.CachedTokens),
		attribute.Int64("gen_ai.usage.reasoning.output_tokens", usage.CompletionTokensDetails.ReasoningTokens),
	)
	return completion, nil
}
