// Splits a stream of JSON documents: they may follow each other with or without blanks, and arrive in pieces.

/** Finds where the next document ends; undefined while it is incomplete. `ended`: nothing more comes. */
export function documentEnd(text: string, from: number, ended: boolean): number | undefined {
  const first = text.charAt(from);
  if (first === '{' || first === '[' || first === '"')
    return compositeEnd(text, from) ?? (ended ? text.length : undefined);
  const end = /[\s{}[\],"]/.exec(text.slice(from + 1));
  if (end) return from + 1 + end.index;
  return ended ? text.length : undefined;
}

function compositeEnd(text: string, from: number): number | undefined {
  let depth = 0;
  for (let i = from; i < text.length; i++) {
    const char = text.charAt(i);
    if (char === '"') {
      for (i++; i < text.length && text.charAt(i) !== '"'; i++) if (text.charAt(i) === '\\') i++;
      if (i >= text.length) return undefined;
    } else if (char === '{' || char === '[') depth++;
    else if (char === '}' || char === ']') depth--;
    if (depth === 0) return i + 1;
  }
  return undefined;
}
