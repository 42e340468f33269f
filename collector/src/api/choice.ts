import { Type, type TUnsafe } from '@sinclair/typebox';

/** Schema of one of these texts; a union of literals would report a fault for each of them. */
export function choice<const T extends string>(
  values: readonly T[],
  options: { description?: string } = {}
): TUnsafe<T> {
  return Type.Unsafe<T>({ type: 'string', enum: values, ...options });
}
