import { allowedSettings, quoteString } from './settings.ts';
import type { StatementLimits } from './settings.ts';

/** What decides the session a statement runs in. */
export interface SessionWish {
  readonly parameters: URLSearchParams;
  readonly database: string;
  readonly limits: StatementLimits;
  /** Marks the statement in system.processes; KILL QUERY finds it by this. */
  readonly id: string;
  /** Assignments that the client cannot change, set last. */
  readonly binding: readonly string[];
}

/** Query parameters a request may have, and characters of one. */
const MOST_PARAMETERS = 1_000;
const MOST_PARAMETER_LENGTH = 1024 * 1024;

/**
 * The statements that make a fresh connection ready: database, settings of the URL (named ones, clamped), parameters,
 * and at the end what binds the user. Parameters are set on the connection: chDB's own binding of parameters is shared
 * by all connections and aborts the process when two statements use it at once.
 */
export function sessionSetup({ parameters, database, limits, id, binding }: SessionWish): string[] {
  const assignments = [...allowedSettings(parameters, limits), `log_comment = ${quoteString(id)}`];
  let count = 0;
  for (const [name, value] of parameters) {
    const parameter = /^param_(\w{1,128})$/.exec(name)?.[1];
    if (parameter === undefined || value.length > MOST_PARAMETER_LENGTH || count >= MOST_PARAMETERS) continue;
    count += 1;
    assignments.push(`param_${parameter} = ${quoteString(value)}`);
  }
  const use = database === 'default' ? [] : [`USE \`${database.replace(/[\\`]/g, '\\$&')}\``];
  return [...use, `SET ${[...assignments, ...binding].join(', ')}`];
}
