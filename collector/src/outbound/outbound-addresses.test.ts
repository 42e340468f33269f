import { createServer, request, Agent } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { lookup } from 'node:dns';
import { createOutboundAddresses, isNetwork } from './outbound-addresses.ts';

describe('outbound addresses', () => {
  const { faultOf } = createOutboundAddresses(['127.0.0.1', '10.1.0.0/16', 'fd00::/8']);

  it.each([
    'http://169.254.169.254/latest',
    'http://2130706434/',
    'http://0177.0.0.2/',
    'http://0x7f.2/',
    'http://[::1]:4318',
    'http://[::ffff:10.0.0.1]/',
    'http://[::ffff:a9fe:a9fe]/',
    'http://[64:ff9b::7f00:1]/',
    'http://[2002:7f00:1::]/',
    'http://[fe80::1]/',
    'http://0.0.0.0/',
    'http://192.168.1.1/',
    'http://10.2.0.1/',
    'http://user:pass@example.com/',
    'http://user@127.0.0.1/',
  ])('refuses %s', (url) => {
    expect(faultOf(url)).toBeDefined();
  });

  it.each([
    'https://example.com/v1/traces',
    'http://127.0.0.1:4318',
    'http://[::ffff:127.0.0.1]:4318',
    'http://10.1.200.3',
    'http://[fd12::1]',
    'https://93.184.216.34',
    'https://[2606:2800:220:1::1]',
  ])('lets %s pass', (url) => {
    expect(faultOf(url)).toBeUndefined();
  });

  it('knows a network when it sees one', () => {
    const texts = ['10.0.0.0/8', '::1', 'fd00::/8', '10.0.0.0/33', 'host', '10.0.0.0/8/8', '', '1.2.3.4/'];
    expect(texts.map(isNetwork)).toEqual([true, true, true, false, false, false, false, false]);
  });

  it('refuses a name of which one address is not allowed, and connects to what it checked', async () => {
    const names: Record<string, string[]> = { inside: ['127.0.0.1'], mixed: ['93.184.216.34', '127.0.0.2'] };
    const resolve = ((name: string, _options: object, callback: (error: null, found: object[]) => void) =>
      callback(
        null,
        names[name]!.map((address) => ({ address, family: 4 }))
      )) as unknown as typeof lookup;
    const server = createServer((_, response) => response.end('here')).listen(0, '127.0.0.1');
    await new Promise((listening) => server.once('listening', listening));
    const { port } = server.address() as AddressInfo;
    const get = (host: string, allowed: readonly string[]) =>
      new Promise<string>((done) => {
        const agent = new Agent(createOutboundAddresses(allowed, resolve));
        request({ host, port, agent }, (answer) => answer.on('data', (data: Buffer) => done(data.toString())))
          .on('error', (error) => done(error.message))
          .end();
      });
    expect([await get('inside', ['127.0.0.1']), await get('inside', []), await get('mixed', ['127.0.0.1'])]).toEqual([
      'here',
      'inside is not a public address; SPANLEDGER_OUTBOUND_ALLOW must name its network',
      'mixed is not a public address; SPANLEDGER_OUTBOUND_ALLOW must name its network',
    ]);
    server.close();
  });
});
