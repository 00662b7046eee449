// Finds what a few typed letters mean: every word of the query must occur in order, beginnings of words count most.

/** Higher is better; undefined: it does not fit. An empty query fits all alike. */
export function closeness(query: string, text: string): number | undefined {
  const wanted = query.toLowerCase().split(/\s+/).filter(Boolean);
  const given = text.toLowerCase();
  let score = 0;
  for (const word of wanted) {
    const one = closenessOfWord(word, given);
    if (one === undefined) return undefined;
    score += one;
  }
  return score - given.length / 1000;
}

function closenessOfWord(word: string, text: string): number | undefined {
  const at = text.indexOf(word);
  if (at === 0) return 4;
  if (at > 0) return /[^\p{L}\p{N}]/u.test(text[at - 1] ?? '') ? 3 : 2;
  let from = 0;
  for (const letter of word) {
    const found = text.indexOf(letter, from);
    if (found === -1) return undefined;
    from = found + 1;
  }
  return 1;
}
