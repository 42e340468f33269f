import { DEFAULT_DEPARTMENT_KEYS } from '../department.ts';
import type { NormaliseOptions } from '../normalise-limits.ts';
import { DEFAULT_NORMALISE_LIMITS } from '../normalise-limits.ts';
import { RECEIVED_MS } from './make-otlp-span.ts';

export const TEST_OPTIONS: NormaliseOptions = {
  now: () => RECEIVED_MS,
  departmentKeys: DEFAULT_DEPARTMENT_KEYS,
  keepOtherSpans: true,
  retentionDays: 400,
  limits: DEFAULT_NORMALISE_LIMITS,
};
