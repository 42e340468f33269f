/** Resolves when the promise has settled or the time is over, whichever is first. The wait keeps the process alive. */
export async function waitAtMost(promise: Promise<unknown>, ms: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const over = new Promise((resolve) => (timer = setTimeout(resolve, ms)));
  await Promise.race([promise.catch(() => undefined), over]);
  clearTimeout(timer);
}
