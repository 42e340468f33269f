import { execFileSync } from 'node:child_process';
import { priceCommand } from './price-command.ts';

const since = '2026-11-09';

describe('the line that sets a price', () => {
  it('names the model, its provider and the first day without a price', () => {
    expect(priceCommand({ provider: 'vllm', model: 'house-style-7b', since })).toBe(
      'npx spanledger prices set vllm-house-style-7b --provider=vllm --model=house-style-7b --input=USD --output=USD --reprice-from=2026-11-09'
    );
  });

  it('leaves out a provider that nobody named', () => {
    expect(priceCommand({ provider: '', model: 'm', since })).toMatch(/^npx spanledger prices set m --model=m --input/);
  });

  it.each(['a\'b $(touch x) `y` \\ "z" ; rm', '日本語 model', '--help', '*', 'm'.repeat(200)])(
    '%j stays one word of the shell, and the id one that the API takes',
    (model) => {
      const line = priceCommand({ provider: 'own provider', model, since })!;
      const words = execFileSync('sh', ['-c', `printf '%s\\n' ${line}`], { encoding: 'utf8' }).split('\n');
      expect([words[5], words[6]]).toEqual(['--provider=own provider', `--model=${model}`]);
      expect(words[4]).toMatch(/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/);
    }
  );

  it.each(['', 'a\nrm -rf x', 'a\u001b[31m', 'a\u0003', 'a\u202eb'])('there is none for the model %j', (model) => {
    expect(priceCommand({ provider: 'vllm', model, since })).toBeUndefined();
  });
});
