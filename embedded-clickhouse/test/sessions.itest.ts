import { startTestServer } from './running-server.ts';
import type { TestServer } from './running-server.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.close());

describe('a session that saw an error is never used again', () => {
  const expected = Buffer.from('1\n2\n3\n');
  const next = async (): Promise<Buffer> => (await server.run('SELECT number + 1 FROM numbers(3)')).bytes;
  test('after an error half-way, a time-out and KILL the next answers are right byte by byte', async () => {
    await server.run('SELECT throwIf(number = 150000) FROM numbers(300000) FORMAT JSON');
    await server.run('SELECT throwIf(number = 150000) FROM numbers(300000)').catch(() => undefined);
    await server.run('SELECT number, sleepEachRow(0.01) FROM numbers(1000) FORMAT JSON', {
      max_execution_time: '1',
      max_block_size: '10',
    });
    const killed = server.run("SELECT number, sleepEachRow(0.01), 'to be killed' FROM numbers(3000) FORMAT JSON", {
      max_block_size: '10',
    });
    for (let found = ''; found === '';)
      found = (
        await server.run(
          "SELECT query_id FROM system.processes WHERE query LIKE '%to be%killed%' AND query NOT LIKE '%LIKE%'"
        )
      ).text;
    await server.run("KILL QUERY WHERE query LIKE '%to be killed%' ASYNC");
    expect((await killed).headers.get('x-clickhouse-exception-code')).toBe('394');
    const answers = await Promise.all(Array.from({ length: 20 }, next));
    expect(answers.every((answer) => answer.equals(expected))).toBe(true);
  });
  test('a client that leaves has its statement killed', async () => {
    const left = new AbortController();
    const sent = fetch(`${server.url}/?max_block_size=10`, {
      method: 'POST',
      body: "SELECT number, sleepEachRow(0.01), 'who left' FROM numbers(100000)",
      signal: left.signal,
    }).then((response) => response.text());
    const running = async (): Promise<string> =>
      (
        await server.run(
          "SELECT count() FROM system.processes WHERE query LIKE '%who left%' AND query NOT LIKE '%LIKE%'"
        )
      ).text;
    while ((await running()) === '0\n');
    left.abort();
    await expect(sent).rejects.toThrow();
    while ((await running()) !== '0\n');
    expect((await next()).equals(expected)).toBe(true);
  });
});
