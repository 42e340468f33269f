import { Type } from '@sinclair/typebox';
import { choice } from './choice.ts';

const names = (description: string) => Type.Optional(Type.Array(Type.String(), { maxItems: 100, description }));
const scope = Type.Optional(
  Type.Object(
    {
      locations: Type.Optional(
        Type.Array(choice(['input', 'output', 'system', 'tool', 'attribute', 'error']), {
          description: 'Direction and place',
        })
      ),
      agents: names('Agent names; a trailing * means a prefix'),
      environments: names('Environments; a trailing * means a prefix'),
      models: names('Models; a trailing * means a prefix'),
      tools: names('Tools; a trailing * means a prefix'),
    },
    { description: 'Where the rule applies; an absent list allows everything. Where the span is not known it applies' }
  )
);
const action = Type.Optional(choice(['none', 'flag', 'redact', 'drop'], { description: 'none = off' }));
const severity = Type.Optional(choice(['low', 'medium', 'high', 'critical']));
const share = (description: string) =>
  Type.Optional(Type.Number({ exclusiveMinimum: 0, exclusiveMaximum: 1, description }));

/** A guard policy as people send and read it; `policyFromData` checks it. Everything may be absent. */
export const guardPolicyBody = Type.Object(
  {
    rules: Type.Optional(
      Type.Record(
        Type.String(),
        Type.Object({ action, severity, scope, threshold: share('Matches with a lower score are no findings') }),
        { description: 'Built-in rules by name: GET /api/v1/guard/rules lists them' }
      )
    ),
    models: Type.Optional(
      Type.Boolean({ description: 'Whether the models for toxicity and injection look at content; on unless false' })
    ),
    thresholds: Type.Optional(
      Type.Object({
        injection: share('From this score on content is an injection or a jailbreak'),
        toxicity: share('From this score on content is toxic'),
      })
    ),
    allow: Type.Optional(
      Type.Array(Type.String(), {
        maxItems: 10_000,
        description: 'Values that are never a finding; @example.org allows every address there',
      })
    ),
    tokens: Type.Optional(
      Type.Object({
        values: Type.Optional(
          Type.Boolean({ description: 'Redacted values become keyed tokens; needs SPANLEDGER_GUARD_TOKEN_KEY' })
        ),
        user_id: Type.Optional(
          Type.Boolean({
            description: 'user_id becomes a keyed token; needs SPANLEDGER_USER_ID_KEY, then on by default',
          })
        ),
      })
    ),
    custom: Type.Optional(
      Type.Array(
        Type.Object({
          name: Type.String({ pattern: '^[a-z0-9][a-z0-9-]{0,63}$' }),
          enabled: Type.Optional(Type.Boolean()),
          keywords: Type.Optional(
            Type.Array(Type.String({ maxLength: 200 }), { maxItems: 10_000, description: 'Whole words and phrases' })
          ),
          pattern: Type.Optional(Type.String({ maxLength: 1000, description: 'RE2 syntax; this or keywords' })),
          category: Type.Optional(choice(['pii', 'secret', 'toxicity', 'prompt_injection', 'jailbreak', 'custom'])),
          severity,
          action,
          scope,
        }),
        { maxItems: 100 }
      )
    ),
  },
  { description: 'What the guard looks for and what it does about it' }
);
