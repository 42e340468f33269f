import { Problem } from './problem.ts';

const RETRY_AFTER_SECONDS = '5';

/** What the store answers; when it does not, 503: nothing was changed, or it will be seen when the store is back. */
export async function storeAnswer<T>(answer: Promise<T>): Promise<T> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof Problem) throw error;
    throw new Problem(503, 'The store does not answer', {
      detail: 'Try again in a moment; /readyz says what the collector knows about it.',
      headers: { 'retry-after': RETRY_AFTER_SECONDS },
    });
  }
}
