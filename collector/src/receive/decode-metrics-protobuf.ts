import type { DecodedMetrics } from '../otlp.ts';
import { LENGTH_DELIMITED, ProtobufReader } from './protobuf-reader.ts';

/*
 * metrics.proto
 *   MetricsData 1 resource_metrics; ResourceMetrics 2 scope_metrics; ScopeMetrics 2 metrics
 *   Metric      5 gauge, 7 sum, 9 histogram, 10 exponential_histogram, 11 summary; each of these: 1 data_points
 */
const RESOURCE_METRICS = 1;
const SCOPE_METRICS = 2;
const METRICS = 2;
const DATA = new Set([5, 7, 9, 10, 11]);
const DATA_POINTS = 1;

/** Counts the data points of an ExportMetricsServiceRequest; they are not read. No such message: throws DecodeError. */
export function decodeMetricsProtobuf(body: Buffer): DecodedMetrics {
  const reader = new ProtobufReader(body);
  let dataPoints = 0;
  eachMessage(reader, isField(RESOURCE_METRICS), () =>
    within(reader, isField(SCOPE_METRICS), () =>
      within(reader, isField(METRICS), () =>
        within(
          reader,
          (field) => DATA.has(field),
          () =>
            within(reader, isField(DATA_POINTS), () => {
              reader.bytes();
              dataPoints += 1;
            })
        )
      )
    )
  );
  return { dataPoints };
}

const isField = (wanted: number) => (field: number) => field === wanted;

function within(reader: ProtobufReader, wanted: (field: number) => boolean, visit: () => void): void {
  const outer = reader.enter();
  eachMessage(reader, wanted, visit);
  reader.leave(outer);
}

function eachMessage(reader: ProtobufReader, wanted: (field: number) => boolean, visit: () => void): void {
  while (reader.position < reader.limit) {
    const tag = reader.tag();
    const field = tag >>> 3;
    if (!wanted(field)) reader.skip(tag, 0);
    else if ((tag & 7) === LENGTH_DELIMITED) visit();
    else reader.skip(tag, 1 << field);
  }
}
