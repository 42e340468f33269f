/** Spans by what became of them since the epoch of the ledger began, and the backlog, as `/metrics` says. */
export async function readLedgerBooks(http: string): Promise<Readonly<Record<string, number>>> {
  const text = await (await fetch(`${http}/metrics`)).text();
  const books: Record<string, number> = {};
  for (const [, outcome, value] of text.matchAll(/^spanledger_ledger_spans_total\{outcome="(\w+)"\} (\S+)$/gm))
    books[outcome!] = Number(value);
  books['backlog'] = Number(/^spanledger_ledger_backlog_spans (\S+)$/m.exec(text)?.[1]);
  return books;
}
