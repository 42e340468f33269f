import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';

export interface StandInProvider {
  /** Where a program finds it instead of the provider. */
  readonly url: string;
  /** Paths that were asked for, in order, with what was wrong about a request. */
  readonly asked: readonly string[];
  readonly stop: () => Promise<void>;
}

interface ModelRequest {
  readonly model?: string;
  readonly stream?: boolean;
  readonly input?: readonly { readonly type?: string }[];
}

const CREATED = 1_760_000_000;

/** Answers as OpenAI's chat API does: 1,200 tokens in, 1,024 of them cached, 85 out. */
function chatCompletion() {
  return {
    id: 'chatcmpl-stand-in-1',
    object: 'chat.completion',
    created: CREATED,
    model: 'gpt-4.1-mini-2025-04-14',
    service_tier: 'default',
    choices: [
      {
        index: 0,
        message: { role: 'assistant', content: 'It was shipped yesterday.', refusal: null, annotations: [] },
        logprobs: null,
        finish_reason: 'stop',
      },
    ],
    usage: {
      prompt_tokens: 1200,
      completion_tokens: 85,
      total_tokens: 1285,
      prompt_tokens_details: { cached_tokens: 1024, audio_tokens: 0 },
      completion_tokens_details: {
        reasoning_tokens: 0,
        audio_tokens: 0,
        accepted_prediction_tokens: 0,
        rejected_prediction_tokens: 0,
      },
    },
  };
}

/** Answers as OpenAI's responses API does: first a call of the tool (300 in, 20 out), then the text (360 in, 40 out). */
function response({ input = [] }: ModelRequest) {
  const isAnswered = input.some(({ type }) => type === 'function_call_output');
  const [input_tokens, output_tokens] = isAnswered ? [360, 40] : [300, 20];
  return {
    id: isAnswered ? 'resp_stand_in_2' : 'resp_stand_in_1',
    object: 'response',
    created_at: CREATED,
    status: 'completed',
    error: null,
    incomplete_details: null,
    model: 'gpt-4.1-mini-2025-04-14',
    service_tier: 'default',
    output: isAnswered
      ? [
          {
            id: 'msg_1',
            type: 'message',
            status: 'completed',
            role: 'assistant',
            content: [{ type: 'output_text', text: 'It was shipped.', annotations: [] }],
          },
        ]
      : [
          {
            id: 'fc_1',
            type: 'function_call',
            status: 'completed',
            call_id: 'call_1',
            name: 'find_order',
            arguments: '{"id":"1001"}',
          },
        ],
    usage: {
      input_tokens,
      input_tokens_details: { cached_tokens: 0 },
      output_tokens,
      output_tokens_details: { reasoning_tokens: 0 },
      total_tokens: input_tokens + output_tokens,
    },
  };
}

/** Streams as Anthropic does: 21 tokens in, 1,801 read from the cache, 512 written to it, 41 out. */
function messageEvents() {
  const usage = {
    input_tokens: 21,
    cache_creation_input_tokens: 512,
    cache_read_input_tokens: 1801,
    cache_creation: { ephemeral_5m_input_tokens: 512, ephemeral_1h_input_tokens: 0 },
    output_tokens: 1,
    service_tier: 'standard',
  };
  return [
    {
      type: 'message_start',
      message: {
        id: 'msg_stand_in_1',
        type: 'message',
        role: 'assistant',
        model: 'claude-sonnet-4-5-20250929',
        content: [],
        stop_reason: null,
        stop_sequence: null,
        usage,
      },
    },
    { type: 'content_block_start', index: 0, content_block: { type: 'text', text: '' } },
    { type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text: 'It subtracts.' } },
    { type: 'content_block_stop', index: 0 },
    {
      type: 'message_delta',
      delta: { stop_reason: 'end_turn', stop_sequence: null },
      usage: { ...usage, output_tokens: 41 },
    },
    { type: 'message_stop' },
  ];
}

function answer(path: string, request: ModelRequest, reply: ServerResponse): void {
  const body =
    path === '/v1/chat/completions' ? chatCompletion() : path === '/v1/responses' ? response(request) : undefined;
  if (body !== undefined && request.stream !== true) {
    reply.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  } else if (path === '/v1/messages' && request.stream === true) {
    reply.writeHead(200, { 'content-type': 'text/event-stream' });
    for (const event of messageEvents()) reply.write(`event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`);
    reply.end();
  } else {
    reply.writeHead(404, { 'content-type': 'application/json' }).end('{"error":{"message":"not played here"}}');
  }
}

/** A server that answers as OpenAI and Anthropic do, with token counts that are known. Asks for a key as they do. */
export async function startStandInProvider(key: string): Promise<StandInProvider> {
  const asked: string[] = [];
  const handle = async (request: IncomingMessage, reply: ServerResponse): Promise<void> => {
    const path = new URL(request.url ?? '/', 'http://stand-in').pathname;
    const body = (await json(request)) as ModelRequest;
    const { authorization, 'x-api-key': apiKey } = request.headers;
    const hasKey = authorization === `Bearer ${key}` || apiKey === key;
    asked.push(`${path} ${body.model ?? 'no model'}${hasKey ? '' : ' without the key'}`);
    answer(path, body, reply);
  };
  const server = createServer((request, reply) => {
    handle(request, reply).catch((error: unknown) => {
      asked.push(`fault: ${String(error)}`);
      reply.destroy();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    stop: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
