import type { OtlpSpan } from '../otlp.ts';
import { MODEL_OPERATIONS } from '../span.ts';
import type { SpanDraft } from './normalise-span.ts';

/** Parents that are looked at above one span; deeper traces keep what they found until there. */
const MAX_STEPS = 64;

/**
 * Fills empty agent, workflow, conversation, user and (for calls to a model) prompt fields of each row from its nearest ancestor
 * in the same request that has them. `spans` is the whole request, so that a chain of parents may pass through spans that are not GenAI.
 */
export function fillFromAncestors(drafts: readonly SpanDraft[], spans: readonly OtlpSpan[]): void {
  if (spans.length < 2 || !drafts.some((draft) => draft.parentSpanId !== '')) return;
  const rows = new Map<string, SpanDraft>();
  for (const draft of drafts) rows.set(draft.spanId, draft);
  const parents = drafts.length === spans.length ? NO_PARENTS : new Map(spans.map((span) => [span.spanId, span]));
  for (const draft of drafts) {
    if (draft.parentSpanId !== '' && hasGap(draft)) climb(draft, rows, parents);
  }
}

const NO_PARENTS: ReadonlyMap<string, OtlpSpan> = new Map();

/** Span ids are unique within a trace only; a parent of the same id in another trace ends the climb. */
function climb(draft: SpanDraft, rows: ReadonlyMap<string, SpanDraft>, parents: ReadonlyMap<string, OtlpSpan>): void {
  let parentId = draft.parentSpanId;
  for (let step = 0; step < MAX_STEPS && parentId !== ''; step++) {
    const row = rows.get(parentId);
    const ancestor = row?.traceId === draft.traceId ? row : undefined;
    if (ancestor !== undefined && ancestor !== draft) {
      fill(draft, ancestor);
      if (!hasGap(draft)) return;
    }
    const other = ancestor === undefined ? parents.get(parentId) : undefined;
    parentId = ancestor?.parentSpanId ?? (other?.traceId === draft.traceId ? other.parentSpanId : '');
  }
}

function hasGap(draft: SpanDraft): boolean {
  return (
    draft.agentName === '' ||
    draft.workflowName === '' ||
    draft.conversationId === '' ||
    draft.userId === '' ||
    draft.promptName === ''
  );
}

/** An agent's name, id and version come from one ancestor, never mixed; so do the name and version of a prompt. */
function fill(draft: SpanDraft, ancestor: SpanDraft): void {
  if (draft.agentName === '' && ancestor.agentName !== '') {
    draft.agentName = ancestor.agentName;
    if (draft.agentId === '') draft.agentId = ancestor.agentId;
    if (draft.agentVersion === '') draft.agentVersion = ancestor.agentVersion;
  } else if (draft.agentName === ancestor.agentName) {
    if (draft.agentId === '') draft.agentId = ancestor.agentId;
    if (draft.agentVersion === '') draft.agentVersion = ancestor.agentVersion;
  }
  if (draft.workflowName === '') draft.workflowName = ancestor.workflowName;
  if (draft.conversationId === '') draft.conversationId = ancestor.conversationId;
  if (draft.userId === '') draft.userId = ancestor.userId;
  if (draft.promptName === '' && MODEL_OPERATIONS.has(draft.operation)) {
    draft.promptName = ancestor.promptName;
    if (draft.promptVersion === '') draft.promptVersion = ancestor.promptVersion;
  }
}
