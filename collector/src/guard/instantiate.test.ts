import { readFileSync } from 'node:fs';
import createWabt from 'wabt';
import { runsModule } from './models/runs-module.ts';
import { scanModule } from './scan-module.ts';

describe('the WebAssembly of the guard', () => {
  it.each([
    ['scan.wat', scanModule],
    ['models/runs.wat', runsModule],
  ])('is what %s compiles to', async (path, base64) => {
    const source = readFileSync(new URL(`./${path}`, import.meta.url), 'utf8');
    const parsed = (await createWabt()).parseWat(path, source, { simd: true });
    parsed.validate();
    expect(Buffer.from(parsed.toBinary({}).buffer).toString('base64')).toBe(base64);
    parsed.destroy();
  });
});
