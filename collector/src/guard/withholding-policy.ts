import { randomBytes } from 'node:crypto';
import type { Detector } from './detector.ts';
import type { GuardPolicy } from './guard-policy.ts';

const KEY_BYTES = 32;

/** Drops every text that is content. */
const unusablePolicy: Detector = {
  rule: 'guard-policy',
  category: 'custom',
  severity: 'high',
  action: 'drop',
  keywords: [],
  triggers: ['always'],
  scope: { locations: ['input', 'output', 'system', 'tool', 'error'] },
  publicPrefix: 0,
  find: (text, _hits, meter) => {
    meter.steps += 1;
    return text === '' ? [] : [{ start: 0, end: text.length, score: 1 }];
  },
};

/**
 * What holds in a workspace whose policy cannot be used and of which no earlier one is known: nobody can say what must be
 * redacted there, so content is withheld, users become tokens that nobody can resolve, and the rest is checked by `base`.
 */
export function withholdingPolicy(base: GuardPolicy, version: string): GuardPolicy {
  return {
    ...base,
    version,
    detectors: [unusablePolicy, ...base.detectors],
    userIdKey: base.userIdKey ?? randomBytes(KEY_BYTES),
  };
}
