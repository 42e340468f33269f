/** As `PUT /api/v1/prices/overrides/{id}` wants it. */
const MOST_ID_CHARS = 64;
const PLAIN = /^[\w.:/@+-]+$/;
/** Such names come from telemetry: pasted into a terminal they could do more than stand in a line. */
const CONTROL = /\p{C}/u;

export interface Unpriced {
  /** Empty = not known. */
  readonly provider: string;
  readonly model: string;
  /** First UTC day with such calls, YYYY-MM-DD. */
  readonly since: string;
}

/**
 * The line for a POSIX shell that sets a price for the model and re-prices its stored calls; the two amounts are for a person to
 * fill in, and are refused as they stand. Undefined when a name holds characters that no line should.
 */
export function priceCommand({ provider, model, since }: Unpriced): string | undefined {
  if (model === '' || CONTROL.test(provider + model)) {
    return undefined;
  }
  const id = `${provider}-${model}`
    .replace(/[^A-Za-z0-9._-]+/g, '-')
    .replace(/^[._-]+/, '')
    .slice(0, MOST_ID_CHARS);
  return [
    `npx spanledger prices set ${id === '' ? 'own-model' : id}`,
    ...(provider === '' ? [] : [`--provider=${inShell(provider)}`]),
    `--model=${inShell(model)}`,
    '--input=USD',
    '--output=USD',
    `--reprice-from=${since}`,
  ].join(' ');
}

function inShell(text: string): string {
  return PLAIN.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}
