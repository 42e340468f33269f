import type { FindingCategory, FindingLocation, GuardAction, Severity } from '../span.ts';
import { compileRule, type CustomRule } from './custom-rules.ts';
import type { Detector } from './detector.ts';
import { detectors } from './detectors.ts';
import { defaultGuardPolicy, type GuardPolicy } from './guard-policy.ts';
import { contentRules } from './models/content-rules.ts';
import type { RuleScope } from './rule-scope.ts';

const MAX_CUSTOM_RULES = 100;
const MAX_ALLOWED_VALUES = 10_000;
const MAX_NAMES = 100;
const RULE_NAME = /^[a-z0-9][a-z0-9-]{0,63}$/;
const ACTIONS: readonly GuardAction[] = ['none', 'flag', 'redact', 'drop'];
const SEVERITIES: readonly Severity[] = ['low', 'medium', 'high', 'critical'];
const CATEGORIES: readonly FindingCategory[] = ['pii', 'secret', 'toxicity', 'prompt_injection', 'jailbreak', 'custom'];
const LOCATIONS: readonly FindingLocation[] = ['input', 'output', 'system', 'tool', 'attribute', 'error'];

/** What a policy is built on, from the configuration and never from its data. */
export type PolicyBase = Pick<GuardPolicy, 'userIdKey' | 'tokenKey' | 'content'>;

/** The policy, or everything that is wrong with the data: where and why. */
export type PolicyResult = { readonly policy: GuardPolicy } | { readonly faults: readonly string[] };

/** Reads fields of unknown data and collects what is wrong with them. */
class Reader {
  readonly faults: string[] = [];

  fault(where: string, reason: string): undefined {
    this.faults.push(`${where}: ${reason}`);
    return undefined;
  }

  record(value: unknown, where: string): Readonly<Record<string, unknown>> {
    if (value === undefined) return {};
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return { ...value };
    this.fault(where, 'must be an object');
    return {};
  }

  choice<T extends string>(value: unknown, choices: readonly T[], fallback: T, where: string): T {
    if (value === undefined) return fallback;
    const found = choices.find((choice) => choice === value);
    if (found === undefined) this.fault(where, `must be one of ${choices.join(', ')}`);
    return found ?? fallback;
  }

  texts(value: unknown, most: number, where: string): readonly string[] | undefined {
    if (value === undefined) return undefined;
    if (Array.isArray(value) && value.length <= most && value.every((each) => typeof each === 'string')) return value;
    return this.fault(where, `must be a list of at most ${most} texts`);
  }

  flag(value: unknown, fallback: boolean, where: string): boolean {
    if (value !== undefined && typeof value !== 'boolean') this.fault(where, 'must be true or false');
    return typeof value === 'boolean' ? value : fallback;
  }

  share(value: unknown, fallback: number, where: string): number {
    if (value === undefined) return fallback;
    if (typeof value === 'number' && value > 0 && value < 1) return value;
    this.fault(where, 'must be a number between 0 and 1');
    return fallback;
  }

  unknownKeys(record: Readonly<Record<string, unknown>>, known: readonly string[], where: string): void {
    for (const key of Object.keys(record)) if (!known.includes(key)) this.fault(`${where}.${key}`, 'is not known');
  }
}

function readScope(reader: Reader, value: unknown, where: string): RuleScope {
  const data = reader.record(value, where);
  reader.unknownKeys(data, ['locations', 'agents', 'environments', 'models', 'tools'], where);
  const names = (key: string): readonly string[] => reader.texts(data[key], MAX_NAMES, `${where}.${key}`) ?? [];
  const locations = names('locations').map((each) => reader.choice(each, LOCATIONS, 'input', `${where}.locations`));
  return {
    locations,
    agents: names('agents'),
    environments: names('environments'),
    models: names('models'),
    tools: names('tools'),
  };
}

/** The rule; its detector is undefined when the rule is switched off. */
function readCustomRule(
  reader: Reader,
  value: unknown,
  where: string
): { readonly name: string; readonly detector: Detector | undefined } | undefined {
  const data = reader.record(value, where);
  reader.unknownKeys(
    data,
    ['name', 'enabled', 'category', 'severity', 'action', 'scope', 'keywords', 'pattern'],
    where
  );
  const { name, pattern } = data;
  if (typeof name !== 'string' || !RULE_NAME.test(name)) {
    return reader.fault(`${where}.name`, 'must be 1 to 64 small letters, digits and dashes');
  }
  const enabled = reader.flag(data['enabled'], true, `${where}.enabled`);
  if (pattern !== undefined && typeof pattern !== 'string') return reader.fault(`${where}.pattern`, 'must be a text');
  const keywords = reader.texts(data['keywords'], Infinity, `${where}.keywords`);
  const action = reader.choice(data['action'], ACTIONS, 'flag', `${where}.action`);
  const rule: CustomRule = {
    name,
    category: reader.choice(data['category'], CATEGORIES, 'custom', `${where}.category`),
    severity: reader.choice(data['severity'], SEVERITIES, 'medium', `${where}.severity`),
    action: action === 'none' ? 'flag' : action,
    scope: readScope(reader, data['scope'], `${where}.scope`),
    ...(keywords !== undefined && { keywords }),
    ...(pattern !== undefined && { pattern }),
  };
  const compiled = compileRule(rule);
  if ('reason' in compiled) return reader.fault(where, compiled.reason);
  return { name, detector: enabled && action !== 'none' ? compiled.detector : undefined };
}

/** Built-in rules with what the policy says about them. */
function readBuiltIn(
  reader: Reader,
  value: unknown
): { actions: Map<string, GuardAction>; builtIn: readonly Detector[]; content: typeof contentRules } {
  const data = reader.record(value, 'rules');
  const known = new Map([...detectors, ...Object.values(contentRules)].map((detector) => [detector.rule, detector]));
  const actions = new Map<string, GuardAction>();
  const severities = new Map<string, Severity>();
  const scopes = new Map<string, RuleScope>();
  const floors = new Map<string, number>();
  for (const [rule, settings] of Object.entries(data)) {
    const where = `rules.${rule}`;
    const detector = known.get(rule);
    if (detector === undefined) {
      reader.fault(where, 'is not the name of a rule');
      continue;
    }
    const fields = reader.record(settings, where);
    reader.unknownKeys(fields, ['action', 'severity', 'scope', 'threshold'], where);
    actions.set(rule, reader.choice(fields['action'], ACTIONS, detector.action, `${where}.action`));
    severities.set(rule, reader.choice(fields['severity'], SEVERITIES, detector.severity, `${where}.severity`));
    if (fields['threshold'] !== undefined && !detectors.includes(detector))
      reader.fault(`${where}.threshold`, 'is set in thresholds for what the models find');
    floors.set(rule, reader.share(fields['threshold'], 0, `${where}.threshold`));
    if (fields['scope'] !== undefined) scopes.set(rule, readScope(reader, fields['scope'], `${where}.scope`));
  }
  const adjust = (detector: Detector): Detector => {
    const { rule } = detector;
    const floor = floors.get(rule) ?? 0;
    const scope = scopes.get(rule);
    if (!severities.has(rule)) return detector;
    return {
      ...detector,
      severity: severities.get(rule) ?? detector.severity,
      ...(scope !== undefined && { scope }),
      ...(floor > 0 && {
        find: (...input: Parameters<Detector['find']>) => detector.find(...input).filter(({ score }) => score >= floor),
      }),
    };
  };
  const content = {
    prompt_injection: adjust(contentRules.prompt_injection),
    jailbreak: adjust(contentRules.jailbreak),
    toxicity: adjust(contentRules.toxicity),
  };
  return { actions, builtIn: detectors.map(adjust), content };
}

/** The models' thresholds when they are on: said so, or given thresholds, or on where the policy is built on. */
function readContent(
  reader: Reader,
  root: Readonly<Record<string, unknown>>,
  base: PolicyBase
): Pick<GuardPolicy, 'content'> {
  const data = reader.record(root['thresholds'], 'thresholds');
  reader.unknownKeys(data, ['injection', 'toxicity'], 'thresholds');
  const defaults = base.content ?? defaultGuardPolicy.content;
  const content = {
    injection: reader.share(data['injection'], defaults.injection, 'thresholds.injection'),
    toxicity: reader.share(data['toxicity'], defaults.toxicity, 'thresholds.toxicity'),
  };
  const wanted = base.content !== undefined || root['thresholds'] !== undefined;
  return reader.flag(root['models'], wanted, 'models') ? { content } : {};
}

/** The keys of the configuration that the policy makes use of. */
function readTokens(reader: Reader, value: unknown, base: PolicyBase): Pick<GuardPolicy, 'userIdKey' | 'tokenKey'> {
  const data = reader.record(value, 'tokens');
  reader.unknownKeys(data, ['values', 'user_id'], 'tokens');
  const { tokenKey, userIdKey } = base;
  const values = reader.flag(data['values'], false, 'tokens.values');
  const userId = reader.flag(data['user_id'], userIdKey !== undefined, 'tokens.user_id');
  if (values && tokenKey === undefined) reader.fault('tokens.values', 'needs the setting SPANLEDGER_GUARD_TOKEN_KEY');
  if (userId && userIdKey === undefined) reader.fault('tokens.user_id', 'needs the setting SPANLEDGER_USER_ID_KEY');
  return { ...(values && tokenKey && { tokenKey }), ...(userId && userIdKey && { userIdKey }) };
}

/**
 * Makes a policy from data as it is stored or sent (parsed JSON):
 * `{version, rules: {name: {action, severity, scope, threshold}}, models, thresholds: {injection, toxicity}, allow: [values],
 * tokens: {values, user_id}, custom: [{name, keywords | pattern, category, severity, action, enabled, scope}]}`. Everything but
 * `version` may be absent and is then as in the default policy. All faults are reported at once; nothing is guessed. Never throws.
 */
export function policyFromData(data: unknown, base: PolicyBase = defaultGuardPolicy): PolicyResult {
  const reader = new Reader();
  const root = reader.record(data, 'policy');
  reader.unknownKeys(root, ['version', 'rules', 'models', 'thresholds', 'allow', 'tokens', 'custom'], 'policy');
  const { version, custom } = root;
  if (typeof version !== 'string' || version === '') reader.fault('version', 'must be a text');
  const { actions, builtIn, content: contentRulesOfPolicy } = readBuiltIn(reader, root['rules']);
  const content = readContent(reader, root, base);
  const keys = readTokens(reader, root['tokens'], base);
  const allow = reader.texts(root['allow'], MAX_ALLOWED_VALUES, 'allow') ?? [];
  const customData: readonly unknown[] = Array.isArray(custom) ? custom : [];
  if (custom !== undefined && (!Array.isArray(custom) || custom.length > MAX_CUSTOM_RULES)) {
    reader.fault('custom', `must be a list of at most ${MAX_CUSTOM_RULES} rules`);
  }
  const names = new Set([...detectors, ...Object.values(contentRules)].map(({ rule }) => rule));
  const customDetectors = customData.slice(0, MAX_CUSTOM_RULES).flatMap((each, index) => {
    const rule = readCustomRule(reader, each, `custom[${index}]`);
    if (rule === undefined) return [];
    if (names.has(rule.name)) reader.fault(`custom[${index}].name`, 'is taken by another rule');
    names.add(rule.name);
    return rule.detector === undefined ? [] : [rule.detector];
  });
  if (reader.faults.length > 0) return { faults: reader.faults };
  const policy: GuardPolicy = {
    version: String(version),
    detectors: [...builtIn, ...customDetectors],
    actions,
    ...content,
    contentRules: contentRulesOfPolicy,
    allow: new Set(allow.map((each) => each.toLowerCase())),
    ...keys,
  };
  return { policy };
}
