import { Type, type Static } from '@sinclair/typebox';
import type { RepriceScope } from '../reprice/reprice-scope.ts';
import { Problem } from './problem.ts';

/** Longer periods are re-priced in pieces; spans are kept 400 days. */
const MAX_DAYS = 800;
const DAY_MS = 86_400_000;

const day = (description: string) =>
  Type.String({ pattern: '^\\d{4}-\\d{2}-\\d{2}$', description: `${description}, UTC day YYYY-MM-DD` });

/** Which stored calls are meant. */
export const scopeFields = {
  from: day('First day'),
  to: day('First day that is no longer meant'),
  provider: Type.Optional(Type.String({ maxLength: 256, description: 'Only this provider' })),
  model: Type.Optional(Type.String({ maxLength: 256, description: 'Only this model' })),
};
export const scopeSchema = Type.Object(scopeFields);

/** The scope of a request. Throws a Problem for days that are none, or in the wrong order. */
export function readScope(workspace: string, body: Static<typeof scopeSchema>): RepriceScope {
  const { from, to, provider = '', model = '' } = body;
  const faults = Object.entries({ from, to }).flatMap(([field, text]) => {
    const ms = Date.parse(`${text}T00:00:00Z`);
    const real = !Number.isNaN(ms) && new Date(ms).toISOString().startsWith(text);
    return real ? [] : [{ field, message: 'must be a day that exists' }];
  });
  const days = (Date.parse(to) - Date.parse(from)) / DAY_MS;
  if (faults.length === 0 && days < 1) faults.push({ field: 'to', message: 'must be later than from' });
  if (days > MAX_DAYS) faults.push({ field: 'to', message: `must be at most ${MAX_DAYS} days after from` });
  if (faults.length > 0) throw new Problem(400, 'The period is not one', { errors: faults });
  return { workspace, from, to, provider, model };
}
