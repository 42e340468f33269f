import type { Detector, Match, StepMeter } from '../../detector.ts';
import { isPlaceholder } from '../key-shape.ts';

interface BoundedKey {
  readonly rule: string;
  /** What the scan looks for; may stand in the middle of the key. */
  readonly keywords: readonly string[];
  /** How far before the keyword the key may begin. */
  readonly before: number;
  /** The whole key; group 1 is what is secret when that is not all of it. Bounded, no repetition inside of another. */
  readonly expression: RegExp;
}

/** Longest key of the table, from its keyword on. */
const REACH = 400;
const UUID = '[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}';
/** base64 of two digits: how a bot's id begins. */
const ENCODED_DIGITS = ['MT', 'Mj', 'Mz', 'ND', 'NT', 'Nj', 'Nz', 'OD', 'OT'].flatMap((first) =>
  Array.from('AEIMQUYcgk', (second) => first + second)
);

/** Keys whose mark is not at their beginning, or that have parts of different alphabets. Sources: the providers' documentation. */
const BOUNDED_KEYS: readonly BoundedKey[] = [
  {
    rule: 'airtable-token',
    keywords: ['pat'],
    before: 0,
    expression: /^pat[A-Za-z0-9]{14}\.[a-f0-9]{64}(?![A-Za-z0-9])/,
  },
  {
    rule: 'authress-key',
    keywords: ['.acc_', '.acc-'],
    before: 48,
    expression:
      /(?<![\w.-])(?:sc|ext|scauth|authress)_[a-z0-9]{5,30}\.[a-z0-9]{4,6}\.acc[_-][a-z0-9-]{10,32}\.[A-Za-z0-9+/_=-]{30,120}/,
  },
  {
    rule: 'maxmind-key',
    keywords: ['_mmk'],
    before: 36,
    expression: /(?<![A-Za-z0-9_])[A-Za-z0-9]{6}_[A-Za-z0-9]{29}_mmk(?![A-Za-z0-9_])/,
  },
  {
    rule: 'teams-webhook',
    keywords: ['.webhook.office.com/webhookb2/'],
    before: 0,
    expression: new RegExp(
      `^\\.webhook\\.office\\.com/webhookb2/(${UUID}@${UUID}/IncomingWebhook/[a-z0-9]{32}/${UUID})`,
      'i'
    ),
  },
  {
    rule: 'teams-webhook',
    keywords: ['outlook.office.com/webhook/'],
    before: 0,
    expression: new RegExp(
      `^outlook\\.office\\.com/webhook/(${UUID}@${UUID}/IncomingWebhook/[a-z0-9]{32}/${UUID})`,
      'i'
    ),
  },
  {
    rule: 'mailchimp-key',
    keywords: ['-us1', '-us2', '-us3', '-us4', '-us5', '-us6', '-us7', '-us8', '-us9'],
    before: 32,
    expression: /(?<![0-9a-f])[0-9a-f]{32}-us\d{1,2}(?![\d-])/,
  },
  {
    rule: 'discord-bot-token',
    keywords: ENCODED_DIGITS,
    before: 0,
    expression: /^[MNO][A-Za-z\d_-]{21,27}\.[\w-]{6}\.[\w-]{27,38}(?![\w-])/,
  },
  {
    rule: 'doppler-service-token',
    keywords: ['dp.st.'],
    before: 0,
    expression: /^dp\.st\.[a-z0-9_-]{2,35}\.[A-Za-z0-9]{40,44}(?![A-Za-z0-9])/,
  },
  {
    rule: 'salesforce-token',
    keywords: ['00D'],
    before: 0,
    expression: /^00D[A-Za-z0-9]{12}(?:[A-Za-z0-9]{3})?![A-Za-z0-9._]{80,120}/,
  },
  {
    rule: 'braintree-token',
    keywords: ['access_token$'],
    before: 0,
    expression: /^access_token\$(?:production|sandbox)\$[0-9a-z]{16}\$[0-9a-f]{32}/,
  },
  {
    rule: 'signed-url',
    keywords: ['&sig=', '?sig=', 'X-Amz-Signature=', 'X-Goog-Signature='],
    before: 0,
    expression: /^(?:[&?]sig|X-(?:Amz|Goog)-Signature)=([A-Za-z0-9+/%]{40,640}={0,2})/,
  },
  {
    rule: 'sidekiq-credentials',
    keywords: ['BUNDLE_ENTERPRISE__CONTRIBSYS__COM', 'BUNDLE_GEMS__CONTRIBSYS__COM'],
    before: 0,
    expression: /^[A-Z_]{20,40}["']?\s{0,4}[=:]\s{0,4}["']?([0-9a-f]{8}:[0-9a-f]{8})/,
  },
  {
    rule: 'sonar-login',
    keywords: ['sonar.login'],
    before: 0,
    expression: /^sonar\.login["']?\s{0,4}[=:]\s{0,4}["']?([a-z0-9_]{40,44})(?![A-Za-z0-9])/,
  },
];

function createBoundedDetector({ rule, keywords, before, expression }: BoundedKey): Detector {
  const find = (text: string, hits: readonly number[], meter: StepMeter): readonly Match[] => {
    const matches: Match[] = [];
    for (const hit of hits) {
      const from = Math.max(hit - before, matches.at(-1)?.end ?? 0);
      if (from > hit) continue;
      meter.steps += before + REACH;
      const found = expression.exec(text.slice(from, hit + REACH));
      if (found === null) continue;
      const secret = found[1] ?? found[0];
      if (isPlaceholder(secret)) continue;
      const start = from + found.index + found[0].lastIndexOf(secret);
      matches.push({ start, end: start + secret.length, score: 1 });
    }
    return matches;
  };
  return {
    rule,
    category: 'secret',
    severity: 'critical',
    action: 'redact',
    keywords,
    publicPrefix: 0,
    find,
  };
}

/** One detector for each entry. */
export const boundedKeys: readonly Detector[] = BOUNDED_KEYS.map(createBoundedDetector);
