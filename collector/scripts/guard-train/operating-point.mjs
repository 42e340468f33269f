/** Rows: {positive, hard, role, source, logit}. Share of `rows` that `flags` says yes to. */
function share(rows, flags) {
  return rows.length === 0 ? 0 : rows.filter(flags).length / rows.length;
}

/** What a careful person would count: over the judged rows, with the ordinary ones apart. */
export function measured(scored, flags) {
  const judged = scored.filter(({ role }) => role === 'judged');
  const positives = judged.filter(({ positive }) => positive);
  const negatives = judged.filter(({ positive }) => !positive);
  const found = positives.filter(flags).length;
  const flagged = judged.filter(flags).length;
  return {
    f1: (2 * found) / (flagged + positives.length),
    precision: found / Math.max(1, flagged),
    recall: found / positives.length,
    falsePositiveRate: share(negatives, flags),
    hardRate: share(
      negatives.filter(({ hard }) => hard),
      flags
    ),
    ordinaryRate: share(
      scored.filter(({ role }) => role === 'ordinary'),
      flags
    ),
  };
}

/** Mean and standard deviation of each figure over several splits. */
export function meanOf(figures) {
  const names = Object.keys(figures[0]);
  const average = (values) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const mean = Object.fromEntries(names.map((name) => [name, average(figures.map((each) => each[name]))]));
  const deviation = Object.fromEntries(
    names.map((name) => [name, Math.sqrt(average(figures.map((each) => (each[name] - mean[name]) ** 2)))])
  );
  return { mean, deviation };
}

/** The logit with the best F1 among those that keep look-alikes and ordinary texts quiet. */
export function operatingPoint(scored, { maxHard, maxOrdinary }) {
  const judged = scored.filter(({ role }) => role === 'judged').sort((a, b) => b.logit - a.logit);
  const ordinary = scored.filter(({ role }) => role === 'ordinary').map(({ logit }) => logit);
  ordinary.sort((a, b) => b - a);
  const floor = ordinary[Math.floor(ordinary.length * maxOrdinary)] ?? -Infinity;
  const positives = judged.filter(({ positive }) => positive).length;
  const hardRows = judged.filter(({ positive, hard }) => hard && !positive).length;
  let [found, flagged, hardFlagged, best, point] = [0, 0, 0, 0, Infinity];
  for (const { positive, hard, logit } of judged) {
    if (positive) found += 1;
    else if (hard) hardFlagged += 1;
    flagged += 1;
    if (logit <= floor || hardFlagged > hardRows * maxHard) break;
    const f1 = (2 * found) / (flagged + positives);
    if (f1 > best) [best, point] = [f1, logit];
  }
  return point;
}

/** One line of figures; with rows also one line for each source. */
export function report(title, figures, scored = [], flags = () => false) {
  const line = Object.entries(figures).map(([name, value]) => `${name} ${value.toFixed(4)}`);
  process.stdout.write(`${title}: ${line.join('  ')}\n`);
  for (const source of [...new Set(scored.map((row) => row.source))].sort()) {
    const [positives, negatives] = [true, false].map((positive) =>
      scored.filter((row) => row.source === source && row.positive === positive)
    );
    const counts = [positives, negatives].map((rows) => `${rows.filter(flags).length}/${rows.length}`);
    process.stdout.write(`  ${source}: found ${counts[0]}, falsely ${counts[1]}\n`);
  }
}
