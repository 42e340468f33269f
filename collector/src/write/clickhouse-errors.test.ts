import { ClickHouseError } from '@clickhouse/client';
import { classifyError } from './clickhouse-errors.ts';

function refused(code: number, message: string, type: string): ClickHouseError {
  return new ClickHouseError({ code: String(code), message, type });
}

describe('what a failed insert means', () => {
  it.each([
    [
      refused(
        252,
        'Too many parts (3000). Merges are processing significantly slower than inserts. ',
        'TOO_MANY_PARTS'
      ),
      'retry',
    ],
    [refused(252, 'Too many partitions for single INSERT block (more than 100). ', 'TOO_MANY_PARTS'), 'bisect'],
    [refused(117, 'Unknown field found in RowBinaryWithNamesAndTypes header: x ', 'INCORRECT_DATA'), 'hold'],
    [refused(117, "Type of 'x' must be String, not UInt8 ", 'INCORRECT_DATA'), 'hold'],
    [refused(117, 'Cannot read bool value ', 'INCORRECT_DATA'), 'bisect'],
    [refused(33, 'Cannot read all data ', 'CANNOT_READ_ALL_DATA'), 'bisect'],
    [refused(241, 'Memory limit exceeded ', 'MEMORY_LIMIT_EXCEEDED'), 'split'],
    [refused(202, 'Too many simultaneous queries ', 'TOO_MANY_SIMULTANEOUS_QUERIES'), 'retry'],
    [refused(319, 'Unknown status ', 'UNKNOWN_STATUS_OF_INSERT'), 'retry'],
    [refused(60, 'Table genai.spans does not exist ', 'UNKNOWN_TABLE'), 'hold'],
    [refused(516, 'Authentication failed ', 'AUTHENTICATION_FAILED'), 'hold'],
    [refused(497, 'Not enough privileges ', 'ACCESS_DENIED'), 'hold'],
    [refused(389, 'deduplicated ', 'INSERT_WAS_DEDUPLICATED'), 'done'],
    [refused(4711, 'new ', 'SOMETHING_NEW'), 'retry'],
    [refused(159, 'Timeout exceeded ', 'TIMEOUT_EXCEEDED'), 'retry'],
    [refused(164, 'Cannot execute query in readonly mode ', 'READONLY'), 'hold'],
    [refused(242, 'Table is in readonly mode ', 'TABLE_IS_READ_ONLY'), 'retry'],
    [refused(81, 'Database genai does not exist ', 'UNKNOWN_DATABASE'), 'hold'],
    [Object.assign(new Error('unable to verify'), { code: 'UNABLE_TO_VERIFY_LEAF_SIGNATURE' }), 'hold'],
    [Object.assign(new Error('expired'), { code: 'CERT_HAS_EXPIRED' }), 'hold'],
    [Object.assign(new Error('another name'), { code: 'ERR_TLS_CERT_ALTNAME_INVALID' }), 'hold'],
    [Object.assign(new Error('a page'), { code: 'NOT_CLICKHOUSE' }), 'hold'],
    [Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET' }), 'retry'],
    [new Error('Code: 60. DB::Exception: no table'), 'hold'],
    [new Error('socket hang up'), 'retry'],
    [Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' }), 'retry'],
    ['a text', 'retry'],
    [undefined, 'retry'],
  ] as const)('%s: %s', (error, reaction) => {
    expect(classifyError(error).reaction).toBe(reaction);
  });

  it('names the error and never repeats its text', () => {
    const error = refused(
      27,
      "Cannot parse input: expected ',' before: 'my secret prompt' ",
      'CANNOT_PARSE_INPUT_ASSERTION_FAILED'
    );
    expect(classifyError(error)).toEqual({ reaction: 'bisect', code: 27, name: 'CANNOT_PARSE_INPUT_ASSERTION_FAILED' });
  });
});
