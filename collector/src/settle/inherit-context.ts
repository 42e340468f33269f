import type { SpanRow } from '../span-row.ts';
import { callKey } from './call-facts.ts';

/** Deeper than any real trace; ends a cycle of parents. */
const MAX_ANCESTORS = 64;

export interface ParentLink {
  readonly workspace: string;
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId: string;
}

type Inherited = Pick<SpanRow, 'agentName' | 'agentId' | 'agentVersion' | 'workflowName' | 'conversationId' | 'userId'>;

/** Name, id and version describe one agent: they are taken from the same ancestor. */
function inherit(row: Inherited, ancestor: Inherited): Inherited {
  const agent = row.agentName === '' && ancestor.agentName !== '' ? ancestor : row;
  return {
    agentName: agent.agentName,
    agentId: agent.agentId,
    agentVersion: agent.agentVersion,
    workflowName: row.workflowName || ancestor.workflowName,
    conversationId: row.conversationId || ancestor.conversationId,
    userId: row.userId || ancestor.userId,
  };
}

/**
 * Fills what a billed call does not say about agent, workflow, conversation and user from its nearest ancestors of the trace that do.
 * `links` are the parents of spans that are not rows. Rows that gain nothing come back unchanged (the same object).
 */
export function inheritContext(rows: readonly SpanRow[], links: readonly ParentLink[]): readonly SpanRow[] {
  const byKey = new Map(rows.map((row) => [callKey(row), row]));
  const parents = new Map(links.map((link) => [callKey(link), link.parentSpanId]));
  return rows.map((row) => {
    if (!row.billable) return row;
    let gained: Inherited = row;
    let parent = row.parentSpanId;
    for (let depth = 0; depth < MAX_ANCESTORS && parent !== ''; depth++) {
      const key = callKey({ ...row, spanId: parent });
      const ancestor = byKey.get(key);
      if (ancestor !== undefined) gained = inherit(gained, ancestor);
      parent = ancestor?.parentSpanId ?? parents.get(key) ?? '';
    }
    const changed = (Object.keys(gained) as (keyof Inherited)[]).some((field) => gained[field] !== row[field]);
    return gained === row || !changed ? row : { ...row, ...gained };
  });
}
