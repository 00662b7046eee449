// The texts in a `Warning` header: `299 - "text", 299 - "other"` → text · other

export function warningTexts(header: string): readonly string[] {
  return [...header.matchAll(/\b299 \S+ "((?:[^"\\]|\\.)*)"/g)].map(([, text = '']) => text.replace(/\\(.)/g, '$1'));
}
