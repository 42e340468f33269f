/** A function of three names. */
type ByNames<T> = (first: string, second: string, third: string) => T;

/**
 * The same function, which asks `find` once for the same names. At most `limit` answers are kept: then all are forgotten, so that senders
 * who invent names only lose the short cut. Names longer than `longest` are not kept. Maps in maps, because joining three names costs more.
 */
export function rememberByNames<T>(limit: number, longest: number, find: ByNames<T>): ByNames<T> {
  const remembered = new Map<string, Map<string, Map<string, T>>>();
  let size = 0;
  return (first, second, third) => {
    const known = remembered.get(first)?.get(second);
    const answer = known?.get(third);
    if (answer !== undefined || known?.has(third) === true) return answer as T;
    const found = find(first, second, third);
    if (first.length > longest || second.length > longest || third.length > longest) return found;
    if (size >= limit) {
      remembered.clear();
      size = 0;
    }
    let bySecond = remembered.get(first);
    if (bySecond === undefined) remembered.set(first, (bySecond = new Map<string, Map<string, T>>()));
    let byThird = bySecond.get(second);
    if (byThird === undefined) bySecond.set(second, (byThird = new Map<string, T>()));
    byThird.set(third, found);
    size += 1;
    return found;
  };
}
