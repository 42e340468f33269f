import type { Rejected } from '../otlp.ts';

/** Collects what a decoder refuses item by item; only the first reason is worth a sender's attention. */
export class Rejections {
  private count = 0;
  private message = '';

  /** `reason` is English and holds no content. `index` is the item's place in the request, from 0. */
  add(item: 'span' | 'log record', index: number, reason: string): void {
    if (this.count === 0) this.message = `${item} ${index} of the request: ${reason}`;
    this.count += 1;
  }

  result(): Rejected {
    return { count: this.count, message: this.message };
  }
}
