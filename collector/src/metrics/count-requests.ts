import { Counter, type Registry } from 'prom-client';
import type { ReceiveMetrics } from '../receive/receive-metrics.ts';

/** The receivers' counters. */
export function createCountRequests(registry: Registry): ReceiveMetrics {
  const registers = [registry];
  const exportLabels = ['transport', 'signal', 'encoding'] as const;
  const requests = new Counter({
    name: 'spanledger_receive_requests_total',
    help: 'Export requests answered with success',
    labelNames: exportLabels,
    registers,
  });
  const items = new Counter({
    name: 'spanledger_receive_items_total',
    help: 'Spans, log records and metric data points in requests that were answered with success',
    labelNames: exportLabels,
    registers,
  });
  const rejected = new Counter({
    name: 'spanledger_receive_rejected_items_total',
    help: 'Of these, items that were refused one by one (partial success)',
    labelNames: exportLabels,
    registers,
  });
  const bytes = new Counter({
    name: 'spanledger_receive_bytes_total',
    help: 'Size of the bodies of these requests, bytes',
    labelNames: exportLabels,
    registers,
  });
  const refused = new Counter({
    name: 'spanledger_receive_refused_requests_total',
    help: 'Requests answered with an error; empty labels: it failed before the path was known',
    labelNames: [...exportLabels, 'reason'],
    registers,
  });
  const aborted = new Counter({
    name: 'spanledger_receive_aborted_requests_total',
    help: 'Requests whose sender left, or broke a limit of the transport, before there was an answer',
    labelNames: ['transport'],
    registers,
  });
  return {
    accepted: ({ transport, signal, encoding }, amounts) => {
      const labels = { transport, signal, encoding };
      requests.inc(labels);
      items.inc(labels, amounts.items);
      rejected.inc(labels, amounts.rejected);
      bytes.inc(labels, amounts.bytes);
    },
    refused: ({ transport, signal, encoding }, reason) =>
      refused.inc({ transport, signal: signal ?? '', encoding: encoding ?? '', reason }),
    aborted: ({ transport }) => aborted.inc({ transport }),
  };
}
