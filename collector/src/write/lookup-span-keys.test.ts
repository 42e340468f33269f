import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { connect } from './connect.ts';
import { createLookupSpanKeys } from './lookup-span-keys.ts';

it('gives up on a store that begins an answer and never ends it', async () => {
  const server = createServer((request, response) => {
    request.resume();
    response.write('{"key":"');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const client = connect(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  try {
    const lookup = createLookupSpanKeys({ client, database: 'genai', now: Date.now, retentionDays: 400 });
    const startTimeUnixNano = BigInt(Date.now() - 3_600_000) * 1_000_000n;
    const span = { workspace: 'acme', traceId: 'a'.repeat(32), spanId: 'b'.repeat(16), startTimeUnixNano };
    await expect(lookup([span])).rejects.toThrow();
  } finally {
    await client.close();
    server.closeAllConnections();
    server.close();
  }
});

it('gives up on a store that answers each of many questions slowly', async () => {
  let asked = 0;
  const server = createServer((request, response) => {
    asked += 1;
    request.resume();
    setTimeout(() => response.end(), 1000);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const client = connect(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  try {
    const lookup = createLookupSpanKeys({ client, database: 'genai', now: Date.now, retentionDays: 400 });
    const startTimeUnixNano = BigInt(Date.now() - 3_600_000) * 1_000_000n;
    const spans = Array.from({ length: 20_000 }, (_, i) => ({
      workspace: 'acme',
      traceId: 'a'.repeat(32),
      spanId: i.toString(16).padStart(16, '0'),
      startTimeUnixNano,
    }));
    await expect(lookup(spans)).rejects.toThrow();
    expect(asked).toBeLessThan(20);
  } finally {
    await client.close();
    server.closeAllConnections();
    server.close();
  }
});
