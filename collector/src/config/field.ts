import { isNetwork } from '../outbound/outbound-addresses.ts';

/** How one setting is read from text. A fault says what is expected and never repeats the value: it may be a password. */
export type Parsed<T> = { readonly value: T } | { readonly fault: string };

/** One setting: `name` is the key of the YAML file, `SPANLEDGER_` + NAME the environment variable. */
export interface Field<T> {
  readonly name: string;
  /** As it would be written in the environment; undefined = unset. */
  readonly default: string | undefined;
  /** Unit or form of the value. */
  readonly unit: string;
  /** What it sets, for the table. */
  readonly meaning: string;
  /** Why the default is what it is, or why the setting exists. */
  readonly reason: string;
  readonly parse: (text: string) => Parsed<T>;
}

/** Host and port to listen on; port 0 picks a free one. */
export interface ListenAddress {
  readonly host: string;
  readonly port: number;
}

const LISTEN = /^(?:\[([0-9a-fA-F:.]+)\]|([^\s:[\]]+)):(\d{1,5})$/;
const MAX_PORT = 65_535;

export function parseText(text: string): Parsed<string> {
  return { value: text };
}

/** A name that can stand unquoted in SQL. */
export function parseIdentifier(text: string): Parsed<string> {
  return /^[A-Za-z_][A-Za-z0-9_]{0,62}$/.test(text)
    ? { value: text }
    : { fault: 'must be a name of letters, digits and _ that does not begin with a digit' };
}

export function parseListen(text: string): Parsed<ListenAddress> {
  const match = LISTEN.exec(text);
  const host = match?.[1] ?? match?.[2];
  const port = Number(match?.[3]);
  return host === undefined || port > MAX_PORT
    ? { fault: 'must be HOST:PORT, for example 127.0.0.1:4318 or [::1]:4318' }
    : { value: { host, port } };
}

export function parseFlag(text: string): Parsed<boolean> {
  if (/^(?:1|true|yes|on)$/i.test(text)) return { value: true };
  if (/^(?:0|false|no|off)$/i.test(text)) return { value: false };
  return { fault: 'must be 1 or 0' };
}

export function parseList(text: string): Parsed<readonly string[]> {
  const items = text
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '');
  return items.length === 0 ? { fault: 'must be a list of names, separated by commas' } : { value: items };
}

/** Headers as `name=value`; a value may hold `=`. */
export function parsePairs(text: string): Parsed<readonly (readonly [string, string])[]> {
  const pairs = text.split(',').map((item) => /^\s*([A-Za-z0-9-]+)\s*=\s*([\x20-\x7e]*?)\s*$/.exec(item));
  return pairs.every((pair) => pair !== null)
    ? { value: pairs.map(([, name, value]) => [name!, value!] as const) }
    : { fault: 'must be a list of NAME=VALUE, separated by commas' };
}

export function parseNetworks(text: string): Parsed<readonly string[]> {
  const networks = text.split(',').map((item) => item.trim());
  return networks.every(isNetwork)
    ? { value: networks }
    : { fault: 'must be a list of addresses and networks such as 127.0.0.1 or 10.0.0.0/8, separated by commas' };
}

/** Origins as browsers send them: scheme, host and port, nothing after. */
export function parseOrigins(text: string): Parsed<readonly string[]> {
  const list = parseList(text);
  if ('fault' in list) return list;
  return list.value.every((origin) => URL.canParse(origin) && new URL(origin).origin === origin)
    ? list
    : { fault: 'must be a list of origins such as https://grafana.example.com, separated by commas' };
}

/** `name=model` pairs; names in lower case. */
export function parseDeployments(text: string): Parsed<ReadonlyMap<string, string>> {
  const pairs = text
    .split(',')
    .filter((pair) => pair.trim() !== '')
    .map((pair) => pair.split('='));
  const value = new Map(pairs.map(([name = '', model = '']) => [name.trim().toLowerCase(), model.trim()]));
  const isWhole =
    pairs.length > 0 && pairs.every((pair) => pair.length === 2 && pair.every((part) => part.trim() !== ''));
  return isWhole ? { value } : { fault: 'must be pairs NAME=MODEL, separated by commas' };
}

/** A URL with one of these schemes and a host. */
export function urlParser(...schemes: readonly string[]): (text: string) => Parsed<string> {
  const fault = `must be a URL that begins with ${schemes.map((scheme) => `${scheme}://`).join(' or ')}`;
  return (text) => {
    if (!URL.canParse(text)) return { fault };
    const { protocol, hostname } = new URL(text);
    return schemes.includes(protocol.slice(0, -1)) && hostname !== '' ? { value: text } : { fault };
  };
}

export function choiceParser<const T extends string>(...choices: readonly T[]): (text: string) => Parsed<T> {
  return (text) => {
    const value = choices.find((choice) => choice === text);
    return value === undefined ? { fault: `must be one of ${choices.join(', ')}` } : { value };
  };
}

export function numberChoiceParser<const T extends number>(...choices: readonly T[]): (text: string) => Parsed<T> {
  return (text) => {
    const value = choices.find((choice) => String(choice) === text);
    return value === undefined ? { fault: `must be one of ${choices.join(', ')}` } : { value };
  };
}

export function integerParser(min: number, max: number): (text: string) => Parsed<number> {
  return (text) => {
    const value = Number(text);
    return /^\d+$/.test(text) && value >= min && value <= max
      ? { value }
      : { fault: `must be a whole number from ${min} to ${max}` };
  };
}

/** A secret that is worth its name. */
export function secretParser(minLength: number): (text: string) => Parsed<string> {
  return (text) =>
    text.length >= minLength ? { value: text } : { fault: `must be at least ${minLength} characters long` };
}
