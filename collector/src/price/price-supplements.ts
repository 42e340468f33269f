/**
 * Prices that a provider publishes and the price data lacks, by `<provider>/<entry id>`; keys and units are those of the price data.
 * They fill gaps only: a price that the data holds is never replaced, and a test fails when an entry here is no longer needed.
 *
 * Without them audio tokens of the audio chat models would be billed as text, a sixteenth of their price.
 * Source: https://platform.openai.com/docs/pricing (audio tokens; also in the model cards of both models).
 */
export const PRICE_SUPPLEMENTS: ReadonlyMap<string, Readonly<Record<string, number>>> = new Map([
  ['openai/gpt-4o-audio-preview', { input_audio_mtok: 40, output_audio_mtok: 80 }],
  ['openai/gpt-4o-mini-audio-preview', { input_audio_mtok: 10, output_audio_mtok: 20 }],
]);
