import type { ClickHouseClient } from '@clickhouse/client';
import { sampleProtobuf, sampleSpan } from '../../src/receive/testing/sample-traces.ts';
import type { Random } from './seeded-random.ts';
import { selectRows } from './select-rows.ts';

interface LoadRequest {
  readonly workspace: string;
  readonly body: Uint8Array<ArrayBuffer>;
  /** Output tokens by `<workspace> <trace id> <span id>`, different for each span. */
  readonly spans: ReadonlyMap<string, number>;
}

/** What the senders know: every span that got its 200, and those that never had an answer. */
export interface LoadOracle {
  readonly acknowledged: ReadonlyMap<string, number>;
  readonly unanswered: ReadonlyMap<string, number>;
  /** Attempts by the status of their answer; 0 = none. */
  readonly answers: ReadonlyMap<number, number>;
  /** Milliseconds from the sending of a request to its 200. */
  readonly waits: readonly number[];
}

export interface AcknowledgedLoad {
  readonly oracle: LoadOracle;
  /** Sends to this address until `pause`; what had no answer is sent again first, as exporters do. */
  readonly start: (http: string) => void;
  /** Resolves when no request is under way. */
  readonly pause: () => Promise<void>;
}

export interface LoadOptions {
  readonly random: Random;
  /** Ingest key of each workspace. */
  readonly keys: ReadonlyMap<string, string>;
  readonly senders: number;
  readonly spansPerRequest: number;
  /** Characters of content in each span. */
  readonly contentLength?: number;
  /** Share of requests that had no answer and are not sent again. */
  readonly giveUp?: number;
  /** Milliseconds that a sender rests between requests. */
  readonly restMs?: number;
}

const MODELS = ['gpt-4o', 'gpt-4o-mini', 'a-model-without-a-price'];
const RETRY_MS = 50;
const TIMEOUT_MS = 60_000;

/** Senders that go on whatever is killed, and remember what they were promised. */
export function createAcknowledgedLoad(options: LoadOptions): AcknowledgedLoad {
  const { random, keys, senders, spansPerRequest, contentLength = 40, giveUp = 0, restMs = 0 } = options;
  const acknowledged = new Map<string, number>();
  const unanswered = new Map<string, number>();
  const answers = new Map<number, number>();
  const waits: number[] = [];
  const workspaces = [...keys.keys()];
  const waiting: LoadRequest[] = [];
  let lastSpan = 0;
  let isRunning = false;
  let running: Promise<unknown> = Promise.resolve();

  function makeRequest(): LoadRequest {
    const workspace = random.pick(workspaces);
    const traceId = random.hex(32);
    const startTimeUnixNano = BigInt(Date.now()) * 1_000_000n;
    const marked = new Map<string, number>();
    const spans = Array.from({ length: 1 + random.below(spansPerRequest) }, () => {
      const outputTokens = ++lastSpan;
      const spanId = outputTokens.toString(16).padStart(16, '0');
      marked.set(`${workspace} ${traceId} ${spanId}`, outputTokens);
      const text = `mark-${spanId} ${'words of no secret '.repeat(Math.ceil(contentLength / 19)).slice(0, contentLength)}`;
      return sampleSpan(1, {
        traceId,
        spanId,
        startTimeUnixNano,
        endTimeUnixNano: startTimeUnixNano + BigInt(1 + random.below(2_000_000_000)),
        attributes: new Map<string, string | number>([
          ['gen_ai.operation.name', 'chat'],
          ['gen_ai.provider.name', 'openai'],
          ['gen_ai.request.model', random.pick(MODELS)],
          ['gen_ai.response.id', `resp-${spanId}`],
          ['gen_ai.usage.input_tokens', 1 + random.below(5000)],
          ['gen_ai.usage.output_tokens', outputTokens],
          ['user.id', `user-${random.below(5)}`],
          ['gen_ai.input.messages', JSON.stringify([{ role: 'user', parts: [{ type: 'text', content: text }] }])],
        ]),
      });
    });
    return { workspace, body: new Uint8Array(sampleProtobuf(spans)), spans: marked };
  }

  async function send(http: string, request: LoadRequest): Promise<number> {
    const began = performance.now();
    const answer = await fetch(`${http}/v1/traces`, {
      method: 'POST',
      headers: {
        'content-type': 'application/x-protobuf',
        authorization: `Bearer ${keys.get(request.workspace)!}`,
      },
      body: request.body,
      signal: AbortSignal.timeout(TIMEOUT_MS),
    }).catch(() => undefined);
    const body = await answer?.arrayBuffer().catch(() => undefined);
    // An answer that broke off is none.
    const status = body === undefined ? 0 : answer!.status;
    if (status === 200) waits.push(performance.now() - began);
    answers.set(status, (answers.get(status) ?? 0) + 1);
    return status;
  }

  async function runSender(http: string): Promise<void> {
    while (isRunning) {
      const request = waiting.shift() ?? makeRequest();
      const status = await send(http, request);
      if (status === 200) {
        for (const [key, tokens] of request.spans) acknowledged.set(key, tokens);
        for (const key of request.spans.keys()) unanswered.delete(key);
      } else {
        for (const [key, tokens] of request.spans) unanswered.set(key, tokens);
        if (!random.chance(giveUp)) waiting.push(request);
        await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
      }
      if (restMs > 0) await new Promise((resolve) => setTimeout(resolve, restMs));
    }
  }

  return {
    oracle: { acknowledged, unanswered, answers, waits },
    start: (http) => {
      isRunning = true;
      running = Promise.all(Array.from({ length: senders }, () => runSender(http)));
    },
    pause: async () => {
      isRunning = false;
      await running;
    },
  };
}

/** At most this many faults are told one by one. */
const MAX_FAULTS = 20;

/** Every acknowledged span once in `FINAL` with its own numbers, every other one that was sent at most once, and none besides. */
export async function faultsOf(client: ClickHouseClient, oracle: LoadOracle): Promise<readonly string[]> {
  const rows = await selectRows<{ key: string; tokens: string; copies: string }>(
    { client } as never,
    `SELECT concat(workspace, ' ', trace_id, ' ', span_id) AS key, any(output_tokens) AS tokens, count() AS copies
     FROM genai.spans FINAL GROUP BY key`
  );
  const faults: string[] = [];
  const stored = new Set<string>();
  for (const { key, tokens, copies } of rows) {
    stored.add(key);
    const sent = oracle.acknowledged.get(key) ?? oracle.unanswered.get(key);
    if (copies !== '1') faults.push(`${key} is there ${copies} times`);
    else if (sent === undefined) faults.push(`${key} was never sent`);
    else if (String(sent) !== tokens) faults.push(`${key} has other tokens`);
  }
  for (const key of oracle.acknowledged.keys()) if (!stored.has(key)) faults.push(`${key} is lost`);
  return faults.length > MAX_FAULTS
    ? [...faults.slice(0, MAX_FAULTS), `and ${faults.length - MAX_FAULTS} more`]
    : faults;
}
