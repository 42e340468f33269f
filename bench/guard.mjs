/**
 * What the guard costs per span: prompt and completion of 700 characters in all, 20 filled fields and 8 attributes.
 */
import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { defaultGuardPolicy } from '../collector/dist/guard/guard-policy.js';
import { createGuard } from '../collector/dist/guard/guard-span.js';

/** Of prompt and completion each. */
const CONTENT_CHARACTERS = 350;
const SPANS_PER_REQUEST = 100;
const WARM_UP_REQUESTS = 100;
const REQUESTS = 300;
const PROSE =
  'Please summarise the attached contract for the finance team: which amounts are due in 2026, who signs for each part, ' +
  'and what changes when a well-known supplier is late? See section A (pages 3-7) and the notes of the Monday call. ';
const CODE = 'def total(rows):\n    return sum(row["net_amount"] for row in rows if row["state"] == "open")\n\n';
const SECRET = ['sk', 'proj', 'aB3dE6gH9jK2mN5pQ8rS1tV4wX7yZ0cF3hJ6kL9nP2qR5sT8'].join('-');

const silent = { spansChecked() {}, findingMade() {}, findingOmitted() {}, contentWithheld() {} };

/** Fresh strings as a decoder makes them: never the same object twice. */
const fresh = (text) => Buffer.from(text).toString('utf8');

function message(role, seed, insert) {
  let content = insert;
  while (content.length < CONTENT_CHARACTERS) content += (seed + content.length) % 5 === 0 ? CODE : PROSE;
  return fresh(JSON.stringify([{ role, parts: [{ type: 'text', content: content.slice(0, CONTENT_CHARACTERS) }] }]));
}

function fragment(kind, body) {
  const ids = { traceId: '0af7651916cd43dd8448eb211c80319c', spanId: 'b7ad6b7169203331', responseId: '' };
  return { ...ids, timestampNs: 1n, kind, source: 'attribute', position: 0, body };
}

function makeSpan(index, insert) {
  // The decoder hands out the same string for a short text that repeats.
  const text = (value) => value;
  const attributes = new Map();
  for (let key = 0; key < 8; key += 1) attributes.set(`gen_ai.request.option_${key}`, fresh(`value ${index * key}`));
  const span = {
    workspace: 'default',
    timestampNs: 1n,
    durationNs: 1,
    timeToFirstTokenNs: 0,
    traceId: '0af7651916cd43dd8448eb211c80319c',
    spanId: 'b7ad6b7169203331',
    parentSpanId: '',
    spanName: text('chat gpt-4o'),
    serviceName: text('checkout'),
    serviceVersion: text('1.4.2'),
    environment: text('production'),
    department: text('payments'),
    operation: text('chat'),
    provider: text('openai'),
    requestModel: text('gpt-4o'),
    responseModel: text('gpt-4o-2024-08-06'),
    usage: {},
    reportedCostUsd: '',
    serviceTier: text('default'),
    region: '',
    billable: true,
    streaming: false,
    finishReasons: [text('stop')],
    status: 'ok',
    errorType: '',
    errorMessage: '',
    retries: 0,
    agentName: text('support-bot'),
    agentId: '',
    agentVersion: '3',
    workflowName: '',
    promptName: '',
    promptVersion: '',
    toolName: '',
    conversationId: fresh(`conversation-${index % 17}`),
    userId: fresh(`user-${index % 29}`),
    responseId: fresh(`chatcmpl-${index.toString(36)}`),
    dialect: 'otel-genai',
    scopeName: text('opentelemetry.instrumentation.openai_v2'),
    sdkLanguage: text('python'),
    attributes,
    fragments: [
      fragment('input_messages', message('user', index, insert)),
      fragment('output_messages', message('assistant', index + 1, '')),
    ],
    retentionDays: 400,
  };
  return { span, cost: {} };
}

/** Best of the requests (other work on the machine only adds): the spans are checked right after they were made, as in the collector. */
function measure(insert, policy) {
  const guard = createGuard(policy, silent);
  const times = [];
  for (let request = 0; request < WARM_UP_REQUESTS + REQUESTS; request += 1) {
    const spans = Array.from({ length: SPANS_PER_REQUEST }, (_, index) =>
      makeSpan(request * SPANS_PER_REQUEST + index, insert)
    );
    const start = process.hrtime.bigint();
    guard.check({ spans, others: [], fragments: [], scores: [] });
    if (request >= WARM_UP_REQUESTS) times.push(Number(process.hrtime.bigint() - start) / 1000 / SPANS_PER_REQUEST);
  }
  return Number(Math.min(...times).toFixed(2));
}

/** Without the content models. */
const plainPolicy = { ...defaultGuardPolicy, content: undefined };
const LINES = [
  ['guard, clean prompt + completion of 700 characters in all', '', defaultGuardPolicy],
  ['guard, the same with an e-mail address', 'Write to ada@example.org. ', defaultGuardPolicy],
  ['guard, the same without the content models', '', plainPolicy],
  ['guard, the same with a key to redact', `My key is ${SECRET}. `, defaultGuardPolicy],
];

/** Each in a process of its own: what the compiler learnt of one policy slows the next. */
export async function run() {
  return LINES.map(([name], index) => ({
    name,
    value: Number(
      execFileSync(process.execPath, [fileURLToPath(import.meta.url), String(index)], { encoding: 'utf8' })
    ),
    unit: 'µs/span',
  }));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const line = LINES[Number(process.argv[2] ?? -1)];
  if (line !== undefined) process.stdout.write(`${measure(line[1], line[2])}\n`);
  else for (const { name, value, unit } of await run()) process.stdout.write(`${name}: ${value} ${unit}\n`);
}
