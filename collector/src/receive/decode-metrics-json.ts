import type { DecodedMetrics } from '../otlp.ts';
import { asObject, jsonFields } from './json-fields.ts';
import { parseJson } from './parse-json.ts';

const DATA = ['gauge', 'sum', 'histogram', 'exponentialHistogram', 'summary'] as const;

/** Counts the data points of an ExportMetricsServiceRequest in OTLP/JSON. No such message: throws DecodeError. */
export function decodeMetricsJson(body: Buffer): DecodedMetrics {
  const request = asObject(parseJson(body), 'the request');
  let dataPoints = 0;
  for (const resourceMetrics of jsonFields.objects(request, 'resourceMetrics')) {
    for (const scopeMetrics of jsonFields.objects(resourceMetrics, 'scopeMetrics')) {
      for (const metric of jsonFields.objects(scopeMetrics, 'metrics')) {
        for (const kind of DATA) dataPoints += jsonFields.array(jsonFields.object(metric, kind), 'dataPoints').length;
      }
    }
  }
  return { dataPoints };
}
