import { Readable } from 'node:stream';
import { confirmInsert } from './confirm-insert.ts';

const response_headers = { 'x-clickhouse-summary': '{}' };
const MiB = 1 << 20;

test('an answer without an end is no answer, and is not read on', async () => {
  let sent = 0;
  const pieces = function* () {
    for (; sent < 64 * MiB; sent += MiB / 16) yield Buffer.alloc(MiB / 16, '\n');
  };
  const stream = Readable.from(pieces(), { highWaterMark: 1 });
  await expect(confirmInsert({ stream, response_headers })).rejects.toMatchObject({ code: 'NOT_CLICKHOUSE' });
  expect([sent <= 2 * MiB, stream.destroyed]).toEqual([true, true]);
});

test('an empty answer with a header of the store says that the rows are written', async () => {
  await expect(confirmInsert({ stream: Readable.from([Buffer.alloc(0)]), response_headers })).resolves.toBeUndefined();
});
