import type { GenAiSpan } from '../span.ts';
import type { Column } from './column.ts';
import { columnKinds } from './column-kinds.ts';

/** What findings and scores repeat of their span, so that a page filters them without a join. */
export type SpanContext = Pick<
  GenAiSpan,
  | 'environment'
  | 'department'
  | 'serviceName'
  | 'agentName'
  | 'agentVersion'
  | 'provider'
  | 'requestModel'
  | 'responseModel'
>;

/** The span was in another request: its dimensions are not known here. */
export const NO_CONTEXT: SpanContext = {
  environment: '',
  department: '',
  serviceName: '',
  agentName: '',
  agentVersion: '',
  provider: '',
  requestModel: '',
  responseModel: '',
};

/** The columns of the context; `model` is the model that answered, or the one asked for, as in the rollups. */
export function contextColumns<Row>(of: (row: Row) => SpanContext): readonly Column<Row>[] {
  const { name } = columnKinds<Row>();
  return [
    name('environment', (row) => of(row).environment),
    name('department', (row) => of(row).department),
    name('service_name', (row) => of(row).serviceName),
    name('agent_name', (row) => of(row).agentName),
    name('agent_version', (row) => of(row).agentVersion),
    name('provider', (row) => of(row).provider),
    name('model', (row) => of(row).responseModel || of(row).requestModel),
  ];
}
