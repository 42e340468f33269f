import { pino, type DestinationStream, type Level } from 'pino';

/** What stages and commands write to. Fields are ids, counts and sizes; never content, keys or tokens. */
export type Log = Pick<ReturnType<typeof pino>, Level>;

/**
 * Names under which a secret or somebody's text could come in, at any of the depths that our own objects have. Redaction
 * is the second line of defence: nothing of the kind is to be logged in the first place.
 */
const SECRET_NAMES = [
  'authorization',
  'cookie',
  'headers',
  'key',
  'keys',
  'apiKey',
  'pepper',
  'keyPepper',
  'bootstrapKey',
  'userIdKey',
  'guardTokenKey',
  'externalGuardKey',
  'externalGuardUrl',
  'password',
  'token',
  'secret',
  'url',
  'clickhouseUrl',
  'redisUrl',
  'forwardUrl',
  'body',
  'attributes',
  'fragments',
  'content',
  'prompt',
  'completion',
  'messages',
  'errorMessage',
  'userId',
  'sql',
  'query',
];
const DEPTHS = ['', '*.', '*.*.'];
/** `scheme://user:password@host` in the message of an error. */
const URL_CREDENTIALS = /(\/\/)[^\s/@]+@/g;

/** A server may answer with a page of any length. */
const MAX_TEXT_LENGTH = 4_000;

interface LoggedError {
  readonly type: string;
  readonly code?: string;
  readonly message: string;
  readonly stack?: string;
}

/** Of an error only what says where and what, so that what libraries hang on it (requests, rows) stays out. */
function describeError(error: unknown): LoggedError {
  if (!(error instanceof Error)) return { type: typeof error, message: '' };
  const hidden = (text: string): string => text.replaceAll(URL_CREDENTIALS, '$1[Redacted]@').slice(0, MAX_TEXT_LENGTH);
  return {
    type: error.name,
    ...('code' in error && { code: String(error.code) }),
    message: hidden(error.message),
    ...(error.stack !== undefined && { stack: hidden(error.stack) }),
  };
}

/**
 * JSON lines with time (ISO 8601), level and message. Level by what an operator must do: error = act now, warn = look
 * soon, info = good to know, debug = for looking for a fault.
 */
export function createLog(level: Level | 'silent', destination: DestinationStream): Log {
  return pino(
    {
      level,
      base: null,
      timestamp: () => `,"time":"${new Date().toISOString()}"`,
      formatters: { level: (label) => ({ level: label }) },
      serializers: { err: describeError, error: describeError },
      redact: DEPTHS.flatMap((depth) => SECRET_NAMES.map((name) => `${depth}${name}`)),
    },
    destination
  );
}
