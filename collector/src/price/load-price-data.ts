import { waitForUpdate } from '@pydantic/genai-prices';
import type { Provider } from '@pydantic/genai-prices';

/** Version of the installed `@pydantic/genai-prices`; a test compares it with the package. */
const VERSION = '0.1.8';

/** The maintained price data as it comes, before it is compiled. */
export interface PriceData {
  /** `genai-prices@<version>`: written beside every price, so that a number can be traced to its source. */
  readonly source: string;
  readonly providers: readonly Provider[];
}

/** Reads the price data that is bundled with `@pydantic/genai-prices`. Never uses the network. */
export async function loadPriceData(): Promise<PriceData> {
  // The package exports no data; without a registered updater this promise is the bundled data.
  return { source: `genai-prices@${VERSION}`, providers: (await waitForUpdate()) ?? [] };
}
