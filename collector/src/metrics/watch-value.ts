import { Counter, Gauge, type Registry } from 'prom-client';

/** Values with their labels, read when someone asks for the metrics. */
type Reading = readonly { readonly labels?: Readonly<Record<string, string>>; readonly value: number }[];

interface Watched {
  readonly name: string;
  readonly help: string;
  readonly labelNames?: readonly string[];
  readonly read: () => Reading | number;
}

function toReading(value: Reading | number): Reading {
  return typeof value === 'number' ? [{ value }] : value;
}

/** A value that can fall, taken from where it is kept at each scrape. */
export function watchGauge(registry: Registry, { name, help, labelNames = [], read }: Watched): void {
  new Gauge({
    name,
    help,
    labelNames,
    registers: [registry],
    collect() {
      this.reset();
      for (const { labels = {}, value } of toReading(read())) this.set(labels, value);
    },
  });
}

/** A value that only grows, taken from where it is kept at each scrape. */
export function watchCounter(registry: Registry, { name, help, labelNames = [], read }: Watched): void {
  new Counter({
    name,
    help,
    labelNames,
    registers: [registry],
    collect() {
      this.reset();
      for (const { labels = {}, value } of toReading(read())) this.inc(labels, value);
    },
  });
}
