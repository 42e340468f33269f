/**
 * `retry`: the store or the way to it is in trouble; the same bytes with the same token go again.
 * `hold`: an operator must act (schema, access); it goes again too, and says so.
 * `split`: it takes more memory than the store has; smaller inserts may pass.
 * `bisect`: these rows are refused for ever; find the bad ones.
 * `done`: the store has the rows.
 */
type Reaction = 'retry' | 'hold' | 'split' | 'bisect' | 'done';

export interface ClassifiedError {
  readonly reaction: Reaction;
  /** ClickHouse error code, or 0 for a failure of the connection. */
  readonly code: number;
  /** ClickHouse error name or system error code; never the text, which may quote rows. */
  readonly name: string;
}

/** Codes that need no look at the text; every other code is retried. Names from ClickHouse `src/Common/ErrorCodes.cpp`. */
const REACTIONS: ReadonlyMap<number, Reaction> = new Map<number, Reaction>([
  [6, 'bisect'], // CANNOT_PARSE_TEXT
  [25, 'bisect'], // CANNOT_PARSE_ESCAPE_SEQUENCE
  [26, 'bisect'], // CANNOT_PARSE_QUOTED_STRING
  [27, 'bisect'], // CANNOT_PARSE_INPUT_ASSERTION_FAILED
  [32, 'bisect'], // ATTEMPT_TO_READ_AFTER_EOF
  [33, 'bisect'], // CANNOT_READ_ALL_DATA
  [38, 'bisect'], // CANNOT_PARSE_DATE
  [41, 'bisect'], // CANNOT_PARSE_DATETIME
  [53, 'bisect'], // TYPE_MISMATCH
  [69, 'bisect'], // ARGUMENT_OUT_OF_BOUND
  [70, 'bisect'], // CANNOT_CONVERT_TYPE
  [72, 'bisect'], // CANNOT_PARSE_NUMBER
  [117, 'bisect'], // INCORRECT_DATA
  [128, 'bisect'], // TOO_LARGE_ARRAY_SIZE
  [131, 'bisect'], // TOO_LARGE_STRING_SIZE
  [190, 'bisect'], // SIZES_OF_ARRAYS_DONT_MATCH
  [321, 'bisect'], // VALUE_IS_OUT_OF_RANGE_OF_DATA_TYPE
  [349, 'bisect'], // CANNOT_INSERT_NULL_IN_ORDINARY_COLUMN
  [407, 'bisect'], // DECIMAL_OVERFLOW
  [469, 'bisect'], // VIOLATED_CONSTRAINT
  [691, 'bisect'], // UNKNOWN_ELEMENT_OF_ENUM
  [7, 'hold'], // INCORRECT_NUMBER_OF_COLUMNS
  [8, 'hold'], // THERE_IS_NO_COLUMN
  [10, 'hold'], // NOT_FOUND_COLUMN_IN_BLOCK
  [16, 'hold'], // NO_SUCH_COLUMN_IN_TABLE
  [36, 'hold'], // BAD_ARGUMENTS
  [46, 'hold'], // UNKNOWN_FUNCTION
  [47, 'hold'], // UNKNOWN_IDENTIFIER
  [50, 'hold'], // UNKNOWN_TYPE
  [60, 'hold'], // UNKNOWN_TABLE
  [62, 'hold'], // SYNTAX_ERROR
  [73, 'hold'], // UNKNOWN_FORMAT
  [81, 'hold'], // UNKNOWN_DATABASE
  [115, 'hold'], // UNKNOWN_SETTING
  [164, 'hold'], // READONLY
  [192, 'hold'], // UNKNOWN_USER
  [193, 'hold'], // WRONG_PASSWORD
  [194, 'hold'], // REQUIRED_PASSWORD
  [243, 'hold'], // NOT_ENOUGH_SPACE
  [291, 'hold'], // DATABASE_ACCESS_DENIED
  [497, 'hold'], // ACCESS_DENIED
  [516, 'hold'], // AUTHENTICATION_FAILED
  [241, 'split'], // MEMORY_LIMIT_EXCEEDED
  [389, 'done'], // INSERT_WAS_DEDUPLICATED
]);

/** Nothing but an operator helps: a certificate that is not trusted, or something that answers in the place of the store. */
const OPERATOR = /CERT|^ERR_TLS|^ERR_SSL|^UNABLE_TO_|^NOT_CLICKHOUSE$|^EPROTO$/;

/** A column that the server does not know or has with another type: the schemas differ, the rows are good. */
const SCHEMA_DIFFERS = /unknown field found|type of '?[^']*'? must be|mismatched types|different types/i;

/**
 * The one place that says what an insert's failure means. Code 252 has two meanings: too many parts (the store must merge) and too
 * many partitions in one insert (these rows). An unknown code is retried: nothing is dropped on a guess.
 */
export function classifyError(error: unknown): ClassifiedError {
  const { code: given, type, message } = (error ?? {}) as { code?: unknown; type?: unknown; message?: unknown };
  const text = typeof message === 'string' ? message : '';
  const quoted = /^\s*Code: (\d+)/.exec(text)?.[1];
  const digits = typeof given === 'string' || typeof given === 'number' ? /^\d+$/.exec(String(given))?.[0] : undefined;
  const number = digits ?? quoted;
  if (number === undefined) {
    const name = typeof given === 'string' ? given : 'connection failed';
    return { reaction: OPERATOR.test(name) ? 'hold' : 'retry', code: 0, name };
  }
  const code = Number(number);
  const name = typeof type === 'string' ? type : `code ${code}`;
  if (code === 252) return { reaction: /partitions/i.test(text) ? 'bisect' : 'retry', code, name };
  const reaction = REACTIONS.get(code) ?? 'retry';
  const isSchema = reaction === 'bisect' && SCHEMA_DIFFERS.test(text);
  return { reaction: isSchema ? 'hold' : reaction, code, name };
}
