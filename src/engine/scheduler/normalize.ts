// Brings scores to 0 … 100 by the highest of them, in place; reversed, the lowest becomes the best.
export function normalizeToHundred(scores: Float64Array, reverse: boolean): void {
  let highest = 0;
  for (const score of scores) if (score > highest) highest = score;
  if (highest === 0) {
    if (reverse) scores.fill(100);
    return;
  }
  for (let i = 0; i < scores.length; i++) {
    const scaled = Math.floor((100 * (scores[i] ?? 0)) / highest);
    scores[i] = reverse ? 100 - scaled : scaled;
  }
}
