/** Which stored calls a change of prices is about. */
export interface RepriceScope {
  readonly workspace: string;
  /** UTC days YYYY-MM-DD, inclusive and exclusive. */
  readonly from: string;
  readonly to: string;
  /** As in the columns of `genai.spans`; empty = all. `model` is the model that answered, or the one asked for. */
  readonly provider: string;
  readonly model: string;
}
