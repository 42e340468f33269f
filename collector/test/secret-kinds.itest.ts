import { encodings, sensitiveSamples } from '../src/guard/testing/sensitive-samples.ts';
import type { AttributeValue } from '../src/otlp.ts';
import { encodeTracesProtobuf } from '../src/receive/testing/encode-otlp-protobuf.ts';
import { sampleSpan } from '../src/receive/testing/sample-traces.ts';
import { findLeaks } from './support/find-leaks.ts';
import type { RunningCollector } from './support/run-collector.ts';
import { runCollector } from './support/run-collector.ts';
import { selectRows } from './support/select-rows.ts';

const kinds = Object.entries(sensitiveSamples);
const start = BigInt(Date.now() - 60_000) * 1_000_000n;
const resource = { attributes: new Map<string, AttributeValue>([['service.name', 'shop']]) };
const scope = { name: 'test', version: '1', attributes: new Map<string, AttributeValue>() };
const message = (text: string) => JSON.stringify([{ role: 'user', parts: [{ type: 'text', content: text }] }]);

/** One call of a model and one of a tool that hold the text in every place that carries text. */
function spansWith(index: number, text: string) {
  const shared = { resource, scope, startTimeUnixNano: start, endTimeUnixNano: start + 5_000_000n };
  const event = (name: string, attributes: readonly (readonly [string, string])[]) => ({
    timeUnixNano: start,
    name,
    attributes: new Map(attributes),
  });
  return [
    sampleSpan(2 * index + 1, {
      ...shared,
      // A name is cut to its limit before anything looks at it: half a key is none.
      name: text.length <= 120 ? `chat ${text}` : 'chat',
      statusCode: 2,
      statusMessage: `failed with ${text}`,
      attributes: new Map<string, AttributeValue>([
        ['gen_ai.operation.name', 'chat'],
        ['gen_ai.provider.name', 'openai'],
        ['gen_ai.request.model', 'gpt-4o'],
        ['gen_ai.input.messages', message(text)],
        ['gen_ai.output.messages', message(`answer: ${text}`)],
        ['gen_ai.system_instructions', JSON.stringify([{ type: 'text', content: text }])],
        ['custom.note', text],
        ['custom.list', ['a', text]],
        ['custom.map', new Map([['k', text]])],
      ]),
      events: [
        event('exception', [
          ['exception.type', 'Failure'],
          ['exception.message', text],
          ['exception.stacktrace', `at call\n${text}\nat main`],
        ]),
        event('gen_ai.user.message', [['content', text]]),
      ],
    }),
    sampleSpan(2 * index + 2, {
      ...shared,
      name: 'execute_tool search',
      attributes: new Map<string, AttributeValue>([
        ['gen_ai.operation.name', 'execute_tool'],
        ['gen_ai.tool.name', 'search'],
        ['gen_ai.tool.call.arguments', JSON.stringify({ q: text })],
        ['gen_ai.tool.call.result', JSON.stringify({ answer: [text] })],
      ]),
    }),
  ];
}

let collector: RunningCollector;
let sent = 0;
beforeAll(async () => {
  collector = await runCollector(['acme']);
  for (const encode of Object.values(encodings)) {
    const items = kinds.flatMap(([, value]) => spansWith(sent++, encode(`use ${value} now`)));
    const answer = await fetch(`${collector.urls.http}/v1/traces`, {
      method: 'POST',
      headers: { 'content-type': 'application/x-protobuf', authorization: `Bearer ${collector.keys.get('acme')!}` },
      body: new Uint8Array(encodeTracesProtobuf([{ resource, scopes: [{ scope, items }] }])),
    });
    expect(answer.status).toBe(200);
  }
  await collector.delivered();
}, 120_000);
afterAll(() => collector.stop());

describe('everything that is redacted by default', () => {
  it('stands nowhere, however it was written and wherever it stood', async () => {
    // The last word is the secret; of what must be kept (its public prefix, a host) nothing is looked for.
    const needles = new Map(kinds.map(([kind, value]) => [kind, value.replace(/@.*/, '').slice(-12)]));
    const { leaks, places } = await findLeaks(collector, needles);
    expect(leaks).toEqual([]);
    expect(places).toEqual(expect.arrayContaining(['content_fragments.body', 'spans.attributes', 'log', 'metrics']));
    expect(places.some((place) => place.startsWith('/ledger/'))).toBe(true);
  }, 120_000);

  it('was found in every span that held it, and every span is there', async () => {
    const rows = await selectRows<{ action: string; spans: string }>(
      { client: collector.client } as never,
      'SELECT guard_action AS action, count() AS spans FROM genai.spans FINAL GROUP BY action'
    );
    expect(rows).toEqual([{ action: 'redact', spans: String(2 * sent) }]);
  });
});
