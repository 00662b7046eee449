// Makes up for what the CEL implementation below us lacks: object literals become calls of a function, and `matches`
// becomes a function of ours, whose time is bounded.
//
//   Object.spec{replicas: 3}  ─▶  construct("Object.spec", {"replicas": 3})
//   JSONPatch{op: "add"}      ─▶  construct("JSONPatch", {"op": "add"})
//   'a'.matches('b')          ─▶  'a'.matchRE('b')

const opening = /(Object(?:\.[A-Za-z_]\w*)*|JSONPatch)\s*\{/y;
const fieldName = /\s*([A-Za-z_]\w*)\s*:/y;
const literal = /(?:[rRbB]{0,2})(?:"""[\s\S]*?"""|'''[\s\S]*?'''|"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*')/y;
const word = /[A-Za-z_]\w*/y;

/** The name under which `matches` is registered: as long, so that columns in messages stay. */
export const matchesName = 'matchRE';

/** The expression in the words of the implementation. */
export function rewriteExpression(text: string): string {
  if (!text.includes('{') && !text.includes('matches')) return text;
  const made: string[] = [];
  const open: ('object' | 'other')[] = [];
  let at = 0;
  const take = (pattern: RegExp): RegExpExecArray | undefined => {
    pattern.lastIndex = at;
    const found = pattern.exec(text);
    if (found) at += found[0].length;
    return found ?? undefined;
  };
  const takeField = (): void => {
    const name = take(fieldName)?.[1];
    if (name !== undefined) made.push(`${JSON.stringify(name)}:`);
  };
  while (at < text.length) {
    const quoted = take(literal);
    const opened = quoted ? undefined : take(opening);
    const plain = quoted ?? (opened ? undefined : take(word));
    if (plain) made.push(plain[0] === 'matches' && text[at] === '(' ? matchesName : plain[0]);
    else if (opened) {
      made.push(`construct(${JSON.stringify(opened[1])}, {`);
      open.push('object');
      takeField();
    } else {
      const character = text.charAt(at++);
      if ('([{'.includes(character)) open.push('other');
      const closed = ')]}'.includes(character) ? open.pop() : undefined;
      made.push(closed === 'object' ? '})' : character);
      if (character === ',' && open.at(-1) === 'object') takeField();
    }
  }
  return made.join('');
}
