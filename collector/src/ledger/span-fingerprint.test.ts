import { createSpanFingerprint } from './span-fingerprint.ts';

const SEED = Buffer.from('000102030405060708090a0b0c0d0e0f', 'hex');
const SPAN = { traceId: '0af7651916cd43dd8448eb211c80319c', spanId: 'b7ad6b7169203331' };

function hash(seed: Uint8Array, workspace: string, span: typeof SPAN): readonly number[] {
  const target = new Uint32Array(2);
  createSpanFingerprint(seed)(workspace, span, target, 0);
  return [...target];
}

describe('the span fingerprint', () => {
  it('depends on the seed, the workspace, and every digit of both ids', () => {
    const variants = [
      hash(SEED, 'acme', SPAN),
      hash(Buffer.alloc(16, 7), 'acme', SPAN),
      hash(SEED, 'acm', SPAN),
      hash(SEED, '', SPAN),
    ];
    for (const field of ['traceId', 'spanId'] as const)
      for (let at = 0; at < SPAN[field].length; at++) {
        const changed = SPAN[field].slice(0, at) + (SPAN[field][at] === 'f' ? '0' : 'f') + SPAN[field].slice(at + 1);
        variants.push(hash(SEED, 'acme', { ...SPAN, [field]: changed }));
      }
    expect(new Set(variants.map(String)).size).toBe(variants.length);
    expect(hash(SEED, 'acme', SPAN)).toEqual(variants[0]);
  });

  it('spreads evenly: no collision among 200,000 counting ids, each bit set half of the time', () => {
    const fingerprint = createSpanFingerprint(SEED);
    const target = new Uint32Array(2);
    const seen = new Set<string>();
    const bits = new Array<number>(64).fill(0);
    const count = 200_000;
    for (let id = 0; id < count; id++) {
      fingerprint('acme', { traceId: id.toString(16).padStart(32, '0'), spanId: 'b7ad6b7169203331' }, target, 0);
      seen.add(`${target[0]} ${target[1]}`);
      for (let bit = 0; bit < 64; bit++) bits[bit]! += (target[bit >> 5]! >>> (bit & 31)) & 1;
    }
    expect(seen.size).toBe(count);
    expect(bits.filter((set) => Math.abs(set / count - 0.5) > 0.01)).toEqual([]);
  });
});
