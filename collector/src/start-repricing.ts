import { createHash } from 'node:crypto';
import { NO_SPANS } from './ledger/accounting.ts';
import type { Ledger } from './ledger/ledger.ts';
import type { Log } from './log.ts';
import type { Price } from './price/price-span.ts';
import { PRICED_ATTRIBUTES } from './price/priced-attributes.ts';
import { createPriceCall } from './price-row.ts';
import { createReprice } from './reprice/reprice.ts';
import type { Reprice } from './reprice/reprice.ts';
import { createRepriceSpans } from './reprice/reprice-spans.ts';
import { createRunTable } from './reprice/run-table.ts';
import { createEncodePriceAmendments } from './rows/encode-price-amendments.ts';
import type { Store } from './store/open-store.ts';
import { createReadStore } from './store/read-store.ts';
import type { InTurn } from './take-turns.ts';

const NO_FINGERPRINTS = new Uint32Array();
const NAME_DIGITS = 16;

/** Wires re-pricing to the store it reads and the ledger it writes through, and goes on with what was cut off. */
export function startRepricing(options: {
  readonly store: Store;
  readonly ledger: Ledger;
  readonly price: Price;
  readonly delivered: () => Promise<void>;
  readonly inTurn: InTurn;
  readonly now: () => number;
  readonly log: Log;
}): Reprice {
  const { store, ledger, now, log } = options;
  const { query, readCalls } = createReadStore(store.client);
  const reprice = createReprice({
    runs: createRunTable(store.client, query),
    repriceSpans: createRepriceSpans({
      query,
      readCalls,
      attributes: PRICED_ATTRIBUTES,
      price: createPriceCall(options.price),
      delivered: options.delivered,
      encode: createEncodePriceAmendments({ now }),
      append: async (tables) => {
        const outcome = await ledger.append({ tables, fingerprints: NO_FINGERPRINTS, counters: NO_SPANS });
        if (outcome !== 'stored') throw new Error(`the ledger is ${outcome}`);
      },
      inTurn: options.inTurn,
      now,
    }),
    // The seed is a key, so only its hash names the ledger.
    collector: createHash('sha256').update(ledger.seed).digest('hex').slice(0, NAME_DIGITS),
    now,
    onFailure: ({ id }, error) => log.warn({ run: id, err: error }, 're-pricing stopped; it goes on in a moment'),
  });
  void store.ready
    .then(reprice.resume)
    .catch((error: unknown) => log.warn({ err: error }, 'the runs of re-pricing that were cut off cannot be read'));
  return reprice;
}
