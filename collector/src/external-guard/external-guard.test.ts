import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { makeFragment, makePricedSpan } from '../guard/testing/make-span.ts';
import type { FindingRow } from '../rows/finding-columns.ts';
import type { Checked } from '../span.ts';
import { createExternalGuard, type ExternalGuard } from './external-guard.ts';
import { externalProtocols } from './external-protocol.ts';
import { postJson } from './post-json.ts';
import { isPrivateAddress } from './private-address.ts';

const message = (text: string) => JSON.stringify([{ role: 'user', parts: [{ type: 'text', content: text }] }]);

function checkedWith(texts: readonly string[]): Checked {
  const spans = texts.map((text) => {
    const fragments = [makeFragment(message(text)), makeFragment('[{"x":1}]', 'system_instructions')];
    return { ...makePricedSpan({ fragments }), guardAction: 'none' as const, guardRules: [], findings: [] };
  });
  return { spans, others: [], fragments: [], scores: [], findings: [] };
}

function start(ask: (body: unknown) => Promise<unknown>, sample = 1) {
  const rows: FindingRow[] = [];
  const failures: unknown[] = [];
  let time = 0;
  const guard: ExternalGuard = createExternalGuard({
    protocol: externalProtocols.moderation,
    model: 'omni',
    sample,
    ask,
    store: (found) => Promise.resolve(void rows.push(...found)),
    onFailure: (error) => failures.push(error),
    now: () => time,
    random: () => 0.5,
  });
  return { guard, rows, failures, pass: (ms: number) => (time += ms) };
}

const turn = () => new Promise((resolve) => setImmediate(resolve));

describe('the external guard', () => {
  it('is asked about content only, and what it finds is a finding of the span', async () => {
    const asked: unknown[] = [];
    const { guard, rows } = start((body) => {
      asked.push(body);
      const categories = { violence: true, 'violence/graphic': true, 'self-harm/intent': false };
      return Promise.resolve({
        results: [{ flagged: true, categories, category_scores: { violence: 0.8, 'violence/graphic': 0.9 } }],
      });
    });
    guard.offer(checkedWith(['one']));
    await turn();
    await guard.stop();
    expect(asked).toEqual([{ input: 'one', model: 'omni' }]);
    expect(
      rows.map(({ finding, context }) => [finding.rule, finding.score, finding.location, context.environment])
    ).toEqual([['external-violence', 0.9, 'input', 'production']]);
    expect(guard.stats()).toEqual({ asked: 1, failed: 0, dropped: 0, found: 1 });
  });

  it('holds a bounded number of texts, asks a few at a time and counts what it leaves out', () => {
    const { guard } = start(() => new Promise(() => undefined));
    guard.offer(checkedWith(Array.from({ length: 300 }, (_, index) => `text ${index}`)));
    guard.offer(checkedWith(['more', 'and more']));
    expect(guard.stats()).toEqual({ asked: 4, failed: 0, dropped: 44, found: 0 });
  });

  it('leaves out what is not in the sample, and pauses after a failure', async () => {
    const { guard, failures, pass } = start(() => Promise.reject(new Error('down')));
    guard.offer(checkedWith(['a', 'b', 'c', 'd', 'e', 'f']));
    await turn();
    expect(guard.stats()).toMatchObject({ asked: 4, failed: 4 });
    pass(60_000);
    guard.offer(checkedWith([]));
    await turn();
    expect(guard.stats()).toMatchObject({ asked: 6, failed: 6 });
    expect(failures).toHaveLength(6);
    await guard.stop();
    const none = start(() => Promise.reject(new Error('never')), 0.5);
    none.guard.offer(checkedWith(['a']));
    expect(none.guard.stats().asked).toBe(0);
  });

  it('understands the answers of Llama Guard and refuses what is no answer', () => {
    const { read } = externalProtocols.chat;
    const says = (content: unknown) => read({ choices: [{ message: { content } }] }).map(({ rule }) => rule);
    expect(says('\n\nsafe')).toEqual([]);
    expect(says('unsafe\nS1,S10,S99')).toEqual(['external-s1', 'external-s10']);
    expect(says('unsafe')).toEqual(['external-unsafe']);
    expect(() => says('I cannot')).toThrow('neither safe nor unsafe');
    expect(() => says(undefined)).toThrow('neither safe nor unsafe');
    expect(() => externalProtocols.moderation.read({ error: 'x' })).toThrow('no results');
    expect(
      externalProtocols.moderation.read({ results: [{ flagged: true, categories: { [`x${'y'.repeat(99)}`]: true } }] })
    ).toEqual([{ rule: 'external-other', category: 'toxicity', score: 1 }]);
  });
});

describe('asking somewhere else', () => {
  it.each([
    '127.0.0.1',
    '10.1.2.3',
    '169.254.169.254',
    '192.168.0.1',
    '172.20.0.1',
    '0.0.0.0',
    '::1',
    '::ffff:10.0.0.1',
    'fd00::1',
    'fe80::1',
    'localhost',
  ])('%s is no public address', (address) => expect(isPrivateAddress(address)).toBe(true));
  it.each(['8.8.8.8', '2606:4700:4700::1111'])('%s is one', (address) => expect(isPrivateAddress(address)).toBe(false));

  it('refuses private addresses, redirects and long answers unless it is told where it may go', async () => {
    const server = createServer((request, response) => {
      if (request.url === '/moved') response.writeHead(302, { location: '/ok' }).end();
      else if (request.url === '/long') response.end(`"${'a'.repeat(100_000)}"`);
      else response.end(JSON.stringify({ key: request.headers.authorization }));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const post = (host: string, path: string, allowPrivate: boolean) =>
      postJson({ url: `http://${host}:${port}${path}`, key: 'k', allowPrivate, body: {} });
    await expect(post('127.0.0.1', '/ok', false)).rejects.toThrow('private network');
    await expect(post('localhost', '/ok', false)).rejects.toThrow('private network');
    await expect(post('0x7f000001', '/ok', false)).rejects.toThrow('private network');
    expect(await post('127.0.0.1', '/ok', true)).toEqual({ key: 'Bearer k' });
    await expect(post('127.0.0.1', '/moved', true)).rejects.toThrow('status 302');
    await expect(post('127.0.0.1', '/long', true)).rejects.toThrow('too long');
    await new Promise((resolve) => server.close(resolve));
  });
});
