import { hostname } from 'node:os';
import type { AuditReport, Finding } from '../audit/create-audit.ts';
import { readConfig } from '../config.ts';
import { openAudit } from '../store/open-audit.ts';
import { schemaTarget } from '../store/schema-target.ts';
import { connect } from '../write/connect.ts';
import { createInsertSettings } from '../write/insert-settings.ts';
import { UsageError, type Command } from './command.ts';
import { readOptions } from './read-options.ts';
import { storeUrl } from './store-url.ts';

/** Spans of the shortest retention class are kept 30 days; older hours cannot be compared. */
const MAX_HOURS = 29 * 24;
const DEFAULT_HOURS = 48;
const MAX_LINES = 100;

const timeOf = (seconds: number): string => new Date(seconds * 1000).toISOString().replace('.000Z', 'Z');

function lineOf({ workspace, table, time, unit, calls, costUsd, rows, state, reason }: Finding): string {
  const sums = calls === 0 && /^-?0\.0*$/.test(costUsd) ? '' : `, ${calls} calls, ${costUsd} USD`;
  const why = reason === '' ? '' : ` (${reason})`;
  return `${state}: ${table}, ${unit} ${timeOf(time)}, workspace ${workspace}: ${rows.length} groups${sums}${why}`;
}

/** 0 = everything agrees or was repaired, 1 = something is left to do. */
function tell({ outcome, closedUntil, slowest, hours, findings }: AuditReport, answer: (line: string) => void): number {
  if (outcome === 'busy') {
    answer('another process audits now (genai.leases says which); try again in a minute');
    return 1;
  }
  const behind = slowest === '' ? '' : `; furthest behind is the collector ${slowest}`;
  answer(`compared ${hours} hours up to ${timeOf(closedUntil)}, the last that all ledgers have passed${behind}`);
  for (const finding of findings.slice(0, MAX_LINES)) answer(lineOf(finding));
  if (findings.length > MAX_LINES) answer(`and ${findings.length - MAX_LINES} more, see genai.audit_differences`);
  if (findings.length === 0) answer('all sums equal the spans');
  return findings.every(({ state }) => state === 'repaired') ? 0 : 1;
}

export const audit: Command = {
  name: 'audit',
  usage: `[--dry-run] [--hours N] [--sql URL]   the last ${DEFAULT_HOURS} closed hours, or N`,
  summary: 'Compares the sums with the spans and repairs what differs',
  run: async (args, context) => {
    const { values } = readOptions(args, {
      sql: { type: 'string' },
      hours: { type: 'string', default: String(DEFAULT_HOURS) },
      'dry-run': { type: 'boolean', default: false },
    });
    const hours = Number(values.hours);
    if (!/^\d{1,3}$/.test(values.hours) || hours < 1 || hours > MAX_HOURS)
      throw new UsageError(
        `--hours must be a whole number from 1 to ${MAX_HOURS}: older spans may be gone by their retention`
      );
    const config = readConfig(context.environment, context.readFile);
    const url = storeUrl(values.sql, config);
    if (!/^https?:\/\//.test(url) || !URL.canParse(url))
      throw new UsageError('--sql must be a URL that begins with http:// or https://');
    const client = connect(url);
    try {
      const run = openAudit({
        client,
        database: schemaTarget(config).database,
        settings: createInsertSettings(client).read,
        collector: `${hostname()} (command line)`,
        now: context.now,
      });
      return tell(await run({ dryRun: values['dry-run'], hours }), context.answer);
    } finally {
      await client.close();
    }
  },
};
