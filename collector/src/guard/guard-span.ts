import type {
  Checked,
  CheckedSpan,
  ContentFragment,
  Finding,
  FindingLocation,
  GenAiSpan,
  Normalised,
  OtherSpan,
  PricedSpan,
  Score,
} from '../span.ts';
import type { GuardPolicy } from './guard-policy.ts';
import {
  createInspection,
  LOCATION_OF_KIND,
  MAX_CHARACTERS_PER_SPAN,
  type GuardMetrics,
  type Inspection,
} from './inspection.ts';
import { createTextInspector } from './inspect-text.ts';
import { readTexts, textFields, type TextField } from './text-fields.ts';
import { contextOfSpan } from './rule-scope.ts';
import { createUserToken } from './user-token.ts';
import { createValueToken } from './value-token.ts';

/** One request after normalise and price. */
export type GuardInput = Omit<Normalised, 'spans'> & { readonly spans: readonly PricedSpan[] };

export interface Guard {
  /** Everything in the result may touch a disk. Never throws. */
  readonly check: (input: GuardInput) => Checked;
}

/** Attribute keys known to be clean: instrumentations use the same few hundred. Above it the memory starts anew. */
const MAX_REMEMBERED_KEYS = 4096;
/** Shorter values of attributes about tools are names and ids. */
const MIN_TOOL_TEXT = 32;
const TOOL_ATTRIBUTE = /(?:^|[._])tools?(?:[._]|$)/;
const ERROR_ATTRIBUTE = /^(?:exception|error)\./;
const allFields: readonly number[] = textFields.map((_, index) => index);
const NO_RULES: readonly string[] = [];
const NO_FINDINGS: readonly Finding[] = [];

function attributeLocation(key: string): FindingLocation {
  if (TOOL_ATTRIBUTE.test(key)) return 'tool';
  return ERROR_ATTRIBUTE.test(key) ? 'error' : 'attribute';
}

/**
 * The guard stage: looks at every text of a request before anything is written, redacts or flags by the policy, and
 * fails closed: what could not be checked (a rule failed, the budget is used up) is withheld, while numbers, times and
 * ids stay. Secrets are found however JSON escapes spell them, and JSON stays JSON.
 */
export function createGuard(policy: GuardPolicy, metrics: GuardMetrics): Guard {
  const inspector = createTextInspector(policy);
  const tools = {
    inspector,
    metrics,
    policyVersion: policy.version,
    ...(policy.tokenKey !== undefined && { tokenOf: createValueToken(policy.tokenKey) }),
  };
  const userToken = policy.userIdKey === undefined ? undefined : createUserToken(policy.userIdKey);
  const cleanKeys = new Set<string>();
  /** Fields of the last clean span: the spans of a request mostly repeat them, and comparing is cheaper than searching. */
  const lastClean: string[] = textFields.map(() => '');

  /** Characters looked at since it was last set to 0. */
  let characters = 0;

  const isClean = (text: string, location: FindingLocation): boolean => {
    characters += text.length;
    return text === '' || !inspector.mayHold(text, location);
  };

  /** Indices in `textFields` of what the last span held that is not clean; fields are inspected one by one, most stay. */
  const suspectFields: number[] = [];

  const fieldsAreClean = (span: GenAiSpan): boolean => {
    suspectFields.length = 0;
    const texts = readTexts(span);
    for (let index = 0; index < texts.length; index += 1) {
      const text = texts[index] ?? '';
      if (text === lastClean[index]) characters += text.length;
      else if (isClean(text, 'attribute')) lastClean[index] = text;
      else suspectFields.push(index);
    }
    let clean = suspectFields.length === 0;
    for (const reason of span.finishReasons) if (!isClean(reason, 'attribute')) clean = false;
    return clean;
  };

  const keyIsClean = (key: string): boolean => {
    if (cleanKeys.has(key)) {
      characters += key.length;
      return true;
    }
    if (!isClean(key, 'attribute')) return false;
    if (cleanKeys.size >= MAX_REMEMBERED_KEYS) cleanKeys.clear();
    cleanKeys.add(key);
    return true;
  };

  const attributesAreClean = (attributes: ReadonlyMap<string, string>): boolean => {
    let clean = true;
    for (const [key, value] of attributes) {
      const keyClean = keyIsClean(key);
      const valueClean = isClean(value, value.length < MIN_TOOL_TEXT ? 'attribute' : attributeLocation(key));
      clean = clean && keyClean && valueClean;
    }
    return clean;
  };

  const fragmentsAreClean = (fragments: readonly ContentFragment[]): boolean => {
    let clean = true;
    for (const { body, kind, responseId } of fragments) {
      const bodyClean = isClean(body, LOCATION_OF_KIND[kind]);
      const idClean = isClean(responseId, 'attribute');
      clean = clean && bodyClean && idClean;
    }
    return clean;
  };

  /** The fields that change, of those at `indices` in `textFields`. */
  const checkFields = (span: GenAiSpan, inspection: Inspection, indices: readonly number[]): Partial<GenAiSpan> => {
    const changes: Partial<Record<TextField, string>> = {};
    for (const index of indices) {
      const [field, location] = textFields[index]!;
      const tokenised = field === 'userId' && userToken !== undefined && span.userId !== '';
      const text = tokenised ? userToken(span.workspace, span.userId) : inspection.checkText(span[field], location);
      if (text !== span[field]) changes[field] = text;
    }
    return { ...changes, finishReasons: span.finishReasons.map((reason) => inspection.checkText(reason, 'attribute')) };
  };

  const checkAttributes = (span: GenAiSpan, inspection: Inspection): Partial<GenAiSpan> => {
    const checked = new Map<string, string>();
    let copies = 0;
    for (const [key, value] of span.attributes) {
      const isUser = userToken !== undefined && value !== '' && value === span.userId;
      const checkedKey = inspection.checkText(key, 'attribute');
      // Two keys may become the same one by redaction: both values stay.
      const freeKey = checked.has(checkedKey) ? `${checkedKey}#${(copies += 1)}` : checkedKey;
      const checkedValue = isUser
        ? userToken(span.workspace, value)
        : inspection.checkText(value, attributeLocation(key));
      checked.set(freeKey, checkedValue);
    }
    return { attributes: checked };
  };

  const checkSpan = ({ span, cost }: PricedSpan): CheckedSpan => {
    const before = characters;
    let fieldsClean = fieldsAreClean(span);
    let attributesClean = attributesAreClean(span.attributes);
    let fragmentsClean = fragmentsAreClean(span.fragments);
    let suspects: readonly number[] = suspectFields;
    if (characters - before > MAX_CHARACTERS_PER_SPAN || (userToken !== undefined && span.userId !== '')) {
      fieldsClean = false;
      attributesClean = false;
      fragmentsClean = false;
      suspects = allFields;
    } else if (fieldsClean && attributesClean && fragmentsClean) {
      return { span, cost, guardAction: 'none', guardRules: NO_RULES, findings: NO_FINDINGS };
    }
    const inspection = createInspection(tools, span, contextOfSpan(span));
    const fields = fieldsClean ? {} : checkFields(span, inspection, suspects);
    const attributes = attributesClean ? {} : checkAttributes(span, inspection);
    const fragments = inspection.checkFragments(span.fragments, fragmentsClean);
    const unchanged = fieldsClean && attributesClean && fragments === span.fragments;
    return {
      span: unchanged ? span : { ...span, ...fields, ...attributes, fragments },
      cost,
      guardAction: inspection.action(),
      guardRules: [...inspection.rules],
      findings: inspection.findings,
    };
  };

  const checkOther = (other: OtherSpan, findings: Finding[]): OtherSpan => {
    if (isClean(other.spanName, 'attribute') && isClean(other.serviceName, 'attribute')) return other;
    const inspection = createInspection(tools, other);
    const checked = {
      ...other,
      spanName: inspection.checkText(other.spanName, 'attribute'),
      serviceName: inspection.checkText(other.serviceName, 'attribute'),
    };
    findings.push(...inspection.findings);
    return checked;
  };

  const checkScore = (score: Score, findings: Finding[]): Score => {
    const inspection = createInspection(tools, score);
    const checkText = (text: string): string => inspection.checkText(text, 'attribute');
    const checked = {
      ...score,
      responseId: checkText(score.responseId),
      conversationId: checkText(score.conversationId),
      name: checkText(score.name),
      label: checkText(score.label),
      comment: checkText(score.comment),
      experiment: checkText(score.experiment),
      variant: checkText(score.variant),
      id: checkText(score.id),
    };
    findings.push(...inspection.findings);
    return checked;
  };

  return {
    check: ({ spans, others, fragments, scores }) => {
      const findings: Finding[] = [];
      characters = 0;
      const checkedSpans = spans.map(checkSpan);
      metrics.spansChecked(spans.length, characters);
      return {
        spans: checkedSpans,
        others: others.map((other) => checkOther(other, findings)),
        fragments: fragments.flatMap((fragment) => {
          const inspection = createInspection(tools, fragment);
          const checked = inspection.checkFragments([fragment]);
          findings.push(...inspection.findings);
          return checked;
        }),
        scores: scores.map((score) => checkScore(score, findings)),
        findings,
      };
    },
  };
}
