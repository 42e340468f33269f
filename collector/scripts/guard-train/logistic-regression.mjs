const EPOCHS = 15;
const LEARNING_RATE = 0.5;
/** A bucket that tells nothing keeps a little of its weight. */
const MIN_RATIO = 0.05;

function createRandom(seed) {
  let state = seed;
  return () => (state = (Math.imul(state, 1664525) + 1013904223) >>> 0) / 4294967296;
}

/** How much more often a bucket occurs on one side than on the other, in absolute log odds to a power (Wang and Manning, 2012, for power 1). */
function countRatios(examples, size, power) {
  const counts = [new Float64Array(size).fill(1), new Float64Array(size).fill(1)];
  for (const { buckets, positive, weight } of examples) {
    const side = counts[positive ? 1 : 0];
    for (const bucket of buckets) side[bucket] += weight;
  }
  const [negative, positive] = counts.map((side) => side.reduce((sum, count) => sum + count, 0));
  return Float64Array.from(counts[1], (count, bucket) => {
    const ratio = Math.abs(Math.log(count / positive / (counts[0][bucket] / negative)));
    return Math.max(MIN_RATIO, ratio ** power);
  });
}

/**
 * Logistic regression by AdaGrad: examples {buckets, norm, positive, weight}, each bucket counts `norm`. Deterministic.
 */
export function fit(examples, { size, l2, ratioPower = 0 }) {
  const weights = new Float64Array(size);
  const squares = new Float64Array(size).fill(1e-8);
  const ratios = ratioPower > 0 ? countRatios(examples, size, ratioPower) : new Float64Array(size).fill(1);
  let bias = 0;
  let biasSquares = 1e-8;
  const random = createRandom(1);
  const order = Int32Array.from(examples.keys());
  for (let epoch = 0; epoch < EPOCHS; epoch += 1) {
    for (let index = order.length - 1; index > 0; index -= 1) {
      const other = Math.floor(random() * (index + 1));
      [order[index], order[other]] = [order[other], order[index]];
    }
    for (const index of order) {
      const { buckets, norm, positive, weight } = examples[index];
      let sum = 0;
      for (let at = 0; at < buckets.length; at += 1) sum += weights[buckets[at]] * ratios[buckets[at]];
      const error = (1 / (1 + Math.exp(-(bias + sum * norm))) - (positive ? 1 : 0)) * weight;
      biasSquares += error * error;
      bias -= (LEARNING_RATE * error) / Math.sqrt(biasSquares);
      for (let at = 0; at < buckets.length; at += 1) {
        const bucket = buckets[at];
        const gradient = error * norm * ratios[bucket] + l2 * weights[bucket];
        squares[bucket] += gradient * gradient;
        weights[bucket] -= (LEARNING_RATE * gradient) / Math.sqrt(squares[bucket]);
      }
    }
  }
  return { weights: weights.map((weight, bucket) => weight * ratios[bucket]), bias };
}
