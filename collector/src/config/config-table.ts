import type { Field } from './field.ts';
import { configFields } from './fields.ts';

/** The settings as a Markdown table: what stands in the README. */
export function configTable(): string {
  const rows = Object.values<Field<unknown>>(configFields).map(
    ({ name, default: value, unit, meaning, reason }) =>
      `| \`SPANLEDGER_${name.toUpperCase()}\` | \`${name}\` | ${value === undefined ? 'unset' : `\`${value}\``} | ${unit} | ${meaning} | ${reason} |`
  );
  return [
    '| variable | key in the file | default | unit | meaning | reason |',
    '|---|---|---|---|---|---|',
    ...rows,
  ].join('\n');
}
