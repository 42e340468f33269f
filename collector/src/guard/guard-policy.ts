import type { GuardAction } from '../span.ts';
import type { Detector } from './detector.ts';
import { detectors } from './detectors.ts';
import type { ContentClass, ContentThresholds } from './models/content-classifier.ts';

/** What the guard looks for and what it does about it. */
export interface GuardPolicy {
  /** Stands in every finding, so that it can be told which rules a span was checked by. */
  readonly version: string;
  readonly detectors: readonly Detector[];
  /** Overrides a detector's own action by rule; `none` switches the rule off. */
  readonly actions: ReadonlyMap<string, GuardAction>;
  /** When set, the models look for attacks and toxicity in content; scores from these on are findings. */
  readonly content?: ContentThresholds;
  /** The models' rules with severities and scopes of the policy; as built in when absent. */
  readonly contentRules?: Readonly<Record<ContentClass, Detector>>;
  /** Values in lower case that are never a finding; `@example.org` allows every address there. */
  readonly allow?: ReadonlySet<string>;
  /** When set, redacted values of one kind become `[EMAIL:tok_…]`: equal values of a workspace have equal tokens. */
  readonly tokenKey?: Uint8Array;
  /** When set, `user_id` is replaced by a keyed token before anything is stored. */
  readonly userIdKey?: Uint8Array;
}

/** Secrets, cards, SSN and IBAN are redacted, everything else is flagged: each detector's own action. With the content models. */
export const defaultGuardPolicy: GuardPolicy & { readonly content: ContentThresholds } = {
  version: '1',
  detectors,
  actions: new Map(),
  content: { injection: 0.5, toxicity: 0.5 },
};
