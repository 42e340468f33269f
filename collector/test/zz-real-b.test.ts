import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { decodeTracesJson } from '../src/receive/decode-traces-json.ts';
import { decodeTracesProtobuf } from '../src/receive/decode-traces-protobuf.ts';
import { normaliseCapture } from './captures/normalise-capture.ts';
test('real', () => {
  const out: string[] = []; const groups = new Map<string, any[]>();
  for (const f of readdirSync('/tmp/real/out').sort()) {
    if (!f.includes('-traces')) continue;
    let b = readFileSync('/tmp/real/out/' + f); if (f.endsWith('.gz')) b = gunzipSync(b);
    const key = f.replace(/-\d+-traces.*/, '');
    const d = f.includes('.json') ? decodeTracesJson(b) : decodeTracesProtobuf(b);
    groups.set(key, [...(groups.get(key) ?? []), { signal: 'traces', spans: d.spans }]);
  }
  for (const [k, requests] of groups) {
    const r = normaliseCapture({ name: k, receivedAtMs: Date.now(), requests, expected: {} } as any, requests);
    out.push(`#### ${k} direct=${r.spans.filter((s) => s.billable).length} billed=${r.billed.length} in=${r.billed.map((s) => s.usage.inputTokens)} cr=${r.billed.map((s) => s.usage.cacheReadTokens)} cw=${r.billed.map((s) => s.usage.cacheWriteTokens)} out=${r.billed.map((s) => s.usage.outputTokens)} re=${r.billed.map((s) => s.usage.reasoningTokens)}`);
    for (const s of r.spans) out.push('  ' + [s.traceId.slice(0,8)+'/'+s.spanId+'<'+s.parentSpanId, String(s.timestampNs)+'+'+s.durationNs/1e6, s.billable ? 'B' : '-', s.dialect, s.scopeName, s.spanName, s.operation, s.provider, s.requestModel, s.responseModel, s.responseId, s.status, s.errorType, s.streaming ? 'stream' : '', 'ttft=' + s.timeToFirstTokenNs, 'fr=' + s.finishReasons, 'agent=' + s.agentName, 'wf=' + s.workflowName, 'tool=' + s.toolName, 'user=' + s.userId, 'conv=' + s.conversationId, s.usage.state, s.reportedCostUsd, 'rest=' + [...s.attributes.keys()].join(','), s.fragments.map((f) => f.kind + ':' + f.body.slice(0, process.env['LONG'] ? 500 : 130)).join(' ')].join(' | '));
  }
  writeFileSync('/tmp/real/rows.txt', out.join('\n'));
});
