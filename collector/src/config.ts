import { checkCombinations } from './config/check-combinations.ts';
import type { Field } from './config/field.ts';
import { configFields } from './config/fields.ts';
import { nearestName } from './config/nearest-name.ts';
import { readConfigFile } from './config/read-config-file.ts';

type ValueOf<F> = F extends Field<infer T> ? T : never;
type Required =
  | 'dataDir'
  | 'httpListen'
  | 'grpcListen'
  | 'sqlListen'
  | 'insecure'
  | 'keepOtherSpans'
  | 'departmentAttributes'
  | 'retentionDays'
  | 'ledgerQuotaGib'
  | 'rateLimitPerHour'
  | 'restRatePerMinute'
  | 'externalGuardKind'
  | 'externalGuardSamplePercent'
  | 'externalGuardAllowPrivate'
  | 'logLevel';
type Fields = typeof configFields;

/** The settings of a collector, checked. A field without a default is undefined when unset. `config/fields.ts` documents each. */
export type Config = {
  readonly [K in keyof Fields]: K extends Required ? ValueOf<Fields[K]> : ValueOf<Fields[K]> | undefined;
};

/** All that is wrong with the settings, one line each. Never holds a value that may be secret. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  readonly faults: readonly string[];

  constructor(faults: readonly string[]) {
    super(faults.join('\n'));
    this.faults = faults;
  }
}

const PREFIX = 'SPANLEDGER_';
const CONFIG_FILE_VARIABLE = 'SPANLEDGER_CONFIG';
const fieldNames = Object.values(configFields).map(({ name }) => name);
const variables = [...fieldNames.map(variableName), CONFIG_FILE_VARIABLE];

function variableName(name: string): string {
  return PREFIX + name.toUpperCase();
}

function unknownName(name: string, known: readonly string[]): string {
  const nearest = nearestName(name, known);
  return `${name}: there is no such setting${nearest === undefined ? '' : `, did you mean ${nearest}?`}`;
}

/**
 * Reads the settings from the environment and from the YAML file that SPANLEDGER_CONFIG names; the environment wins, an
 * empty variable counts as unset. Throws ConfigError with every fault at once: a value that cannot be read, an unknown
 * setting, a combination that is not safe.
 */
export function readConfig(
  environment: Readonly<Record<string, string | undefined>>,
  readFile: (path: string) => string
): Config {
  const faults: string[] = [];
  const path = environment[CONFIG_FILE_VARIABLE] ?? '';
  let settings: ReadonlyMap<string, string> = new Map();
  if (path !== '') {
    try {
      const file = readConfigFile(path, readFile(path));
      settings = file.settings;
      faults.push(...file.faults);
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown error';
      faults.push(`${CONFIG_FILE_VARIABLE}: ${path} cannot be read (${code})`);
    }
  }
  for (const key of settings.keys()) {
    if (!fieldNames.includes(key)) faults.push(`${path}: ${unknownName(key, fieldNames)}`);
  }
  for (const variable of Object.keys(environment)) {
    if (variable.startsWith(PREFIX) && !variables.includes(variable)) faults.push(unknownName(variable, variables));
  }
  const values: Record<string, unknown> = {};
  const unreadable = new Set<string>();
  for (const [key, field] of Object.entries<Field<unknown>>(configFields)) {
    const variable = variableName(field.name);
    const fromEnvironment = environment[variable] === '' ? undefined : environment[variable];
    const text = fromEnvironment ?? settings.get(field.name) ?? field.default;
    if (text === undefined) continue;
    const parsed = field.parse(text);
    if ('value' in parsed) values[key] = parsed.value;
    else {
      unreadable.add(key);
      faults.push(`${fromEnvironment === undefined ? `${path}: ${field.name}` : variable}: ${parsed.fault}`);
    }
  }
  const config = values as Config;
  faults.push(...checkCombinations(config, unreadable));
  if (faults.length > 0) throw new ConfigError(faults);
  return config;
}
