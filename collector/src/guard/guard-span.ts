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
  followSuspects,
  LOCATION_OF_KIND,
  MAX_CHARACTERS_PER_SPAN,
  type GuardMetrics,
  type Inspection,
  type Suspects,
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

  /** Which texts of a span a closer look is needed at: most often one, while dozens are clean. */
  const suspectFields = (span: GenAiSpan): Suspects => {
    const suspects: number[] = [];
    const texts = readTexts(span);
    for (let index = 0; index < texts.length; index += 1) {
      const text = texts[index] ?? '';
      if (text === lastClean[index]) characters += text.length;
      else if (isClean(text, 'attribute')) lastClean[index] = text;
      else suspects.push(index);
    }
    for (let index = 0; index < span.finishReasons.length; index += 1) {
      if (!isClean(span.finishReasons[index] ?? '', 'attribute')) suspects.push(textFields.length + index);
    }
    return suspects;
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

  /** Keys have even numbers, values odd ones. A user's id is suspect where it becomes a token. */
  const suspectAttributes = ({ attributes, userId }: GenAiSpan): Suspects => {
    const suspects: number[] = [];
    let index = 0;
    for (const [key, value] of attributes) {
      const location = value.length < MIN_TOOL_TEXT ? 'attribute' : attributeLocation(key);
      if (!keyIsClean(key)) suspects.push(index);
      if (!isClean(value, location) || (userToken !== undefined && value !== '' && value === userId))
        suspects.push(index + 1);
      index += 2;
    }
    return suspects;
  };

  const suspectFragments = (fragments: readonly ContentFragment[]): Suspects => {
    const suspects: number[] = [];
    fragments.forEach(({ body, kind, responseId }, index) => {
      if (!isClean(responseId, 'attribute')) suspects.push(2 * index);
      if (!isClean(body, LOCATION_OF_KIND[kind])) suspects.push(2 * index + 1);
    });
    return suspects;
  };

  /** Without `suspects` every text is looked at. */
  const checkWith = (inspection: Inspection, suspects: Suspects | undefined) => {
    const isSuspect = suspects === undefined ? undefined : followSuspects(suspects);
    return (text: string, location: FindingLocation, index: number): string =>
      isSuspect === undefined || isSuspect(index)
        ? inspection.checkText(text, location, isSuspect !== undefined)
        : text;
  };

  const tokenOf = ({ workspace, userId }: GenAiSpan): string | undefined =>
    userId === '' ? undefined : userToken?.(workspace, userId);

  const checkFields = (span: GenAiSpan, inspection: Inspection, suspects?: Suspects): Partial<GenAiSpan> => {
    const check = checkWith(inspection, suspects);
    const token = tokenOf(span);
    const changes: Partial<Record<TextField, string>> = {};
    textFields.forEach(([field, location], index) => {
      const text = (field === 'userId' ? token : undefined) ?? check(span[field], location, index);
      if (text !== span[field]) changes[field] = text;
    });
    const finishReasons = span.finishReasons.map((reason, index) =>
      check(reason, 'attribute', textFields.length + index)
    );
    return { ...changes, finishReasons };
  };

  const checkAttributes = (span: GenAiSpan, inspection: Inspection, suspects?: Suspects): Partial<GenAiSpan> => {
    const check = checkWith(inspection, suspects);
    const token = tokenOf(span);
    const checked = new Map<string, string>();
    let copies = 0;
    let index = 0;
    for (const [key, value] of span.attributes) {
      const checkedKey = check(key, 'attribute', index);
      // Two keys may become the same one by redaction: both values stay.
      const freeKey = checked.has(checkedKey) ? `${checkedKey}#${(copies += 1)}` : checkedKey;
      const checkedValue =
        (value === span.userId ? token : undefined) ?? check(value, attributeLocation(key), index + 1);
      checked.set(freeKey, checkedValue);
      index += 2;
    }
    return { attributes: checked };
  };

  const checkSpan = ({ span, cost }: PricedSpan): CheckedSpan => {
    const before = characters;
    const fieldSuspects = suspectFields(span);
    const attributeSuspects = suspectAttributes(span);
    const fragmentSuspects = suspectFragments(span.fragments);
    const checksAll = characters - before > MAX_CHARACTERS_PER_SPAN;
    const fieldsClean = !checksAll && fieldSuspects.length === 0 && tokenOf(span) === undefined;
    const attributesClean = !checksAll && attributeSuspects.length === 0;
    if (fieldsClean && attributesClean && fragmentSuspects.length === 0) {
      return { span, cost, guardAction: 'none', guardRules: NO_RULES, findings: NO_FINDINGS };
    }
    const inspection = createInspection(tools, span, contextOfSpan(span));
    const fields = fieldsClean ? {} : checkFields(span, inspection, checksAll ? undefined : fieldSuspects);
    const attributes = attributesClean
      ? {}
      : checkAttributes(span, inspection, checksAll ? undefined : attributeSuspects);
    const fragments = inspection.checkFragments(span.fragments, checksAll ? undefined : fragmentSuspects);
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
