// An agent with a tool, on the Vercel AI SDK: two calls to the model and one of the tool.
import { createOpenAI } from '@ai-sdk/openai';
import { NodeSDK } from '@opentelemetry/sdk-node';
import { generateText, stepCountIs, tool } from 'ai';
import { z } from 'zod';

// Endpoint, headers, service name and resource attributes come from the OTEL_* variables.
const telemetry = new NodeSDK();
telemetry.start();

const openai = createOpenAI(); // OPENAI_API_KEY and OPENAI_BASE_URL

const { text } = await generateText({
  model: openai('gpt-4.1-mini'),
  prompt: 'Where is order 1001?',
  tools: {
    find_order: tool({
      description: 'State of an order',
      inputSchema: z.object({ id: z.string() }),
      execute: async ({ id }) => ({ id, state: 'shipped' }),
    }),
  },
  stopWhen: stepCountIs(3),
  experimental_telemetry: {
    isEnabled: true,
    functionId: 'order-helper', // the agent
    metadata: { userId: 'user-17', sessionId: 'conversation-42' },
  },
});
console.log(text);

await telemetry.shutdown(); // sends what is still queued
