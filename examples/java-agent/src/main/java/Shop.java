import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import io.opentelemetry.api.GlobalOpenTelemetry;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.context.Scope;

/** An agent that makes one call to OpenAI, traced by the OpenTelemetry Java agent. */
public class Shop {
  public static void main(String[] arguments) {
    OpenAIClient client = OpenAIOkHttpClient.fromEnv(); // OPENAI_API_KEY and OPENAI_BASE_URL

    // Optional: calls below a span with these attributes belong to the agent, the user and the conversation.
    Span span = GlobalOpenTelemetry.getTracer("shop").spanBuilder("invoke_agent order-helper")
        .setAttribute("gen_ai.operation.name", "invoke_agent")
        .setAttribute("gen_ai.agent.name", "order-helper")
        .setAttribute("gen_ai.agent.version", "1.2.0")
        .setAttribute("gen_ai.conversation.id", "conversation-42")
        .setAttribute("user.id", "user-17")
        .startSpan();
    try (Scope scope = span.makeCurrent()) {
      var completion = client.chat().completions().create(ChatCompletionCreateParams.builder()
          .model("gpt-4.1-mini")
          .addSystemMessage("You answer questions about orders in one sentence.")
          .addUserMessage("Where is order 1001?")
          .build());
      System.out.println(completion.choices().get(0).message().content().orElse(""));
    } finally {
      span.end();
    }
  }
}
