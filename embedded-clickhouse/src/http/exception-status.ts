const BAD_REQUEST = [
  6, 8, 15, 25, 26, 27, 36, 37, 38, 41, 44, 53, 62, 72, 117, 123, 167, 168, 223, 321, 376, 427, 441, 675, 676,
];
const NOT_FOUND = [46, 47, 50, 56, 60, 63, 73, 78, 81, 115, 152, 336, 511];
const FORBIDDEN = [192, 193, 497, 512, 516];
const STATUS = new Map<number, number>([
  ...BAD_REQUEST.map((code): [number, number] => [code, 400]),
  ...NOT_FOUND.map((code): [number, number] => [code, 404]),
  ...FORBIDDEN.map((code): [number, number] => [code, 403]),
  [194, 401],
  [159, 408],
  [381, 411],
  [229, 413],
  [48, 501],
  [76, 503],
  [202, 503],
  [209, 503],
  [439, 503],
]);

/**
 * HTTP status of a ClickHouse error code, as the server maps it (src/Server/HTTP/exceptionCodeToHTTPStatus.cpp); 202,
 * too many simultaneous queries, is 503 here so that senders wait and try again. Unknown codes are 500.
 */
export function exceptionStatus(code: number): number {
  return STATUS.get(code) ?? 500;
}
