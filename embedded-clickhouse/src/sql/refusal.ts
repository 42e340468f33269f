/** An answer in ClickHouse's terms: error code (src/Common/ErrorCodes.cpp) and text, without data of any row. */
export class Refusal extends Error {
  readonly code: number;
  /** Name of the code, as ClickHouse writes it behind the text. */
  readonly label: string;

  constructor(code: number, message: string, label = nameOf(code)) {
    super(message);
    this.code = code;
    this.label = label;
  }
}

/** The error codes this program answers by itself. */
export const ErrorCode = {
  BAD_ARGUMENTS: 36,
  NOT_IMPLEMENTED: 48,
  UNKNOWN_TABLE: 60,
  SYNTAX_ERROR: 62,
  UNKNOWN_FORMAT: 73,
  UNKNOWN_DATABASE: 81,
  TIMEOUT_EXCEEDED: 159,
  READONLY: 164,
  REQUIRED_PASSWORD: 194,
  TOO_MANY_SIMULTANEOUS_QUERIES: 202,
  QUERY_IS_TOO_LARGE: 229,
  ZLIB_INFLATE_FAILED: 354,
  QUERY_WAS_CANCELLED: 394,
  TOO_MANY_ROWS_OR_BYTES: 396,
  ACCESS_DENIED: 497,
  AUTHENTICATION_FAILED: 516,
  UNKNOWN_EXCEPTION: 1002,
} as const;

function nameOf(code: number): string {
  return Object.entries(ErrorCode).find(([, known]) => known === code)?.[0] ?? 'UNKNOWN_EXCEPTION';
}
