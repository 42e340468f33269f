import { Type, type Static } from '@sinclair/typebox';
import { createCheckText, locationOfRole, type CheckedText, type TextVerdict } from '../guard/check-text.ts';
import type { TextContext } from '../guard/rule-scope.ts';
import type { PolicyRegistry } from '../policies/policy-registry.ts';
import { principalOf } from './access.ts';
import { choice } from './choice.ts';
import { Problem } from './problem.ts';
import type { RestApi } from './rest-api.ts';

/** A check stands in front of a call to a model, and there may be many; a check of this size takes milliseconds. */
const MAX_BODY_BYTES = 256 * 1024;
const CHECKS_PER_MINUTE = 60_000;
const MAX_MESSAGES = 1_000;
/** No form of messages nests deeper; a few thousand levels would end the stack. */
const MAX_MESSAGE_DEPTH = 64;
/** Findings in an answer; the verdict counts all. */
const MAX_FINDINGS = 200;

const VERDICTS = ['allow', 'flag', 'redact', 'block'] as const satisfies readonly TextVerdict[];

const checkBody = Type.Object(
  {
    text: Type.Optional(Type.String({ description: 'A text; this or messages' })),
    messages: Type.Optional(
      Type.Array(Type.Object({ role: Type.Optional(Type.String()) }, { additionalProperties: true }), {
        maxItems: MAX_MESSAGES,
        description: 'Messages of a chat, in whatever form: all their texts are checked; the role says the direction',
      })
    ),
    direction: Type.Optional(
      choice(['input', 'output', 'system', 'tool'], { description: 'Of text; input when absent' })
    ),
    agent: Type.Optional(Type.String({ description: 'For rules that apply to some agents only' })),
    environment: Type.Optional(Type.String()),
    model: Type.Optional(Type.String()),
    tool: Type.Optional(Type.String()),
    models: Type.Optional(
      Type.Boolean({ description: 'Ask the models for toxicity and injection too; as the policy says when absent' })
    ),
  },
  { additionalProperties: false }
);

const checkAnswer = Type.Object({
  verdict: choice(VERDICTS, {
    description: 'The strongest: block = must not be used, also when it could not be checked',
  }),
  policy_version: Type.String(),
  findings: Type.Array(
    Type.Object({
      rule: Type.String(),
      category: Type.String(),
      severity: Type.String(),
      action: Type.String(),
      score: Type.Number(),
      direction: Type.String(),
      masked_sample: Type.String({ description: 'Never the value' }),
      message: Type.Optional(Type.Integer({ description: 'Index of the message' })),
      start: Type.Optional(Type.Integer({ description: 'Of text: UTF-16 offset' })),
      end: Type.Optional(Type.Integer({ description: 'Of text: UTF-16 offset, exclusive' })),
    })
  ),
  findings_omitted: Type.Integer(),
  redacted_text: Type.Optional(Type.String()),
  redacted_messages: Type.Optional(Type.Array(Type.Unknown())),
});

type Answer = Static<typeof checkAnswer>;

function isDeeperThan(levels: number, value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return levels === 0 || Object.values(value).some((inner) => isDeeperThan(levels - 1, inner));
}

/** A message that is blocked says so in its own form. */
function redactedMessage(message: { readonly role?: string | undefined }, { verdict, redacted }: CheckedText): unknown {
  if (verdict === 'allow' || verdict === 'flag') return message;
  return verdict === 'redact' ? JSON.parse(redacted) : { role: message.role ?? 'user', content: redacted };
}

/** `POST /guard/check`: what the workspace's policy says about a text or messages. Nothing of them is stored or logged. */
export function registerGuardCheckRoute(api: RestApi, registry: Pick<PolicyRegistry, 'inForce'>): void {
  const checkText = createCheckText();
  api.post(
    '/guard/check',
    {
      config: { access: ['read', 'ingest'], rateLimit: { max: CHECKS_PER_MINUTE } },
      bodyLimit: MAX_BODY_BYTES,
      schema: {
        summary: 'Checks a text or messages by the policy before they are used; nothing is kept',
        tags: ['guard'],
        body: checkBody,
        response: { 200: checkAnswer },
      },
    },
    (request): Answer => {
      const { body } = request;
      const { text, messages } = body;
      if ((text === undefined) === (messages === undefined)) {
        throw new Problem(400, 'There is nothing to check', {
          errors: [{ field: 'text', message: 'give text or messages, one of them' }],
        });
      }
      const tooDeep = messages?.findIndex((message) => isDeeperThan(MAX_MESSAGE_DEPTH, message)) ?? -1;
      if (tooDeep !== -1) {
        throw new Problem(400, 'A message is nested too deeply', {
          errors: [
            { field: `messages[${tooDeep}]`, message: `at most ${MAX_MESSAGE_DEPTH} levels of objects and lists` },
          ],
        });
      }
      const { workspace } = principalOf(request);
      const policy = registry.inForce(workspace);
      const models = body.models ?? policy.content !== undefined;
      const { agent = '', environment = '', model = '', tool = '' } = body;
      const check = (each: string, location: TextContext['location']) =>
        checkText({
          policy,
          workspace,
          text: each,
          models,
          context: { location, agent, environment, model, tool, spanKnown: true },
        });

      const answer: Answer = { verdict: 'allow', policy_version: policy.version, findings: [], findings_omitted: 0 };
      const add = (checked: CheckedText, direction: string, message?: number): void => {
        if (VERDICTS.indexOf(checked.verdict) > VERDICTS.indexOf(answer.verdict)) answer.verdict = checked.verdict;
        for (const { detector, action, score, maskedSample, start, end } of checked.findings) {
          if (answer.findings.length >= MAX_FINDINGS) {
            answer.findings_omitted += 1;
            continue;
          }
          const { rule, category, severity } = detector;
          const where = message === undefined ? { start, end } : { message };
          answer.findings.push({
            rule,
            category,
            severity,
            action,
            score,
            direction,
            masked_sample: maskedSample,
            ...where,
          });
        }
      };

      if (text !== undefined) {
        const direction = body.direction ?? 'input';
        const checked = check(text, direction);
        add(checked, direction);
        return { ...answer, redacted_text: checked.redacted };
      }
      const redacted = (messages ?? []).map((message, index) => {
        const direction = locationOfRole(message.role ?? '');
        const checked = check(JSON.stringify(message), direction);
        add(checked, direction, index);
        return redactedMessage(message, checked);
      });
      return { ...answer, redacted_messages: redacted };
    }
  );
}
