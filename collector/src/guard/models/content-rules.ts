import type { Detector } from '../detector.ts';
import type { ContentClass } from './content-classifier.ts';

function contentRule(category: ContentClass, severity: Detector['severity']): Detector {
  const rule = category.replace('_', '-');
  return { rule, category, severity, action: 'flag', keywords: [], publicPrefix: 0, find: () => [] };
}

/** What the models find, under the names by which policies speak of it. They flag unless a policy says otherwise. */
export const contentRules: Readonly<Record<ContentClass, Detector>> = {
  prompt_injection: contentRule('prompt_injection', 'high'),
  jailbreak: contentRule('jailbreak', 'high'),
  toxicity: contentRule('toxicity', 'medium'),
};
