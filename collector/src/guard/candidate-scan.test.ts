import { createCandidateScan } from './candidate-scan.ts';
import { defaultGuardPolicy } from './guard-policy.ts';

const scan = createCandidateScan(defaultGuardPolicy.detectors);

describe('createCandidateScan', () => {
  it.each([
    ['an id of more digits than any number has', 'chatcmpl-000000000000000000000042'],
    ['such an id behind a small letter', 'run_a00000000000000000000000042 done'],
    ['a date and time', 'at 2026-11-21 10:15:59'],
  ])('is quiet about %s', (_, text) => {
    expect(scan.mayHold(text)).toBe(false);
  });

  it.each([
    ['a card number', 'chatcmpl-4111111111111111'],
    ['the longest card number', '6304000000000000000'],
    ['an IBAN with twenty digits in a row', 'DE89370400440532013000'],
    ['a card number behind a long id', '000000000000000000000042 4111111111111111'],
    ['a phone number behind a long id', 'id 000000000000000000000042, +49 30 901820'],
  ])('looks at %s', (_, text) => {
    expect(scan.mayHold(text)).toBe(true);
  });
});
