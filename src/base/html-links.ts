// The links of an HTML page, rewritten: every tag that can hold one is written anew, everything else stays as it is.

/** Which attributes of which tags hold addresses. */
const attributesOfTags: Readonly<Record<string, readonly string[]>> = {
  a: ['href'],
  applet: ['codebase'],
  area: ['href'],
  audio: ['src'],
  base: ['href'],
  blockquote: ['cite'],
  body: ['background'],
  button: ['formaction'],
  command: ['icon'],
  del: ['cite'],
  embed: ['src'],
  form: ['action'],
  frame: ['longdesc', 'src'],
  head: ['profile'],
  html: ['manifest'],
  iframe: ['longdesc', 'src'],
  img: ['longdesc', 'src', 'usemap'],
  input: ['src', 'usemap', 'formaction'],
  ins: ['cite'],
  link: ['href'],
  object: ['classid', 'codebase', 'data', 'usemap'],
  q: ['cite'],
  script: ['src'],
  source: ['src'],
  video: ['poster', 'src'],
};

/** A comment, what a script, style or text area holds, or a start tag. */
const piece =
  /<!--[\s\S]*?-->|(<(script|style|textarea|title)\b[^>]*>)([\s\S]*?)(?=<\/\2)|<([a-zA-Z][a-zA-Z0-9]*)((?:[^>"']|"[^"]*"|'[^']*')*)>/gi;

export function rewriteLinks(html: string, rewrite: (address: string) => string): string {
  return html.replace(piece, (whole, opening?: string, _raw?: string, held = '', name = '', rest = '') => {
    if (opening !== undefined) return `${rewriteLinks(`${opening} `, rewrite).slice(0, -1)}${held}`;
    return name === '' ? whole : tagText(whole, { name: name.toLowerCase(), rest }, rewrite);
  });
}

function tagText(
  whole: string,
  { name, rest }: { readonly name: string; readonly rest: string },
  rewrite: (address: string) => string,
): string {
  if (!Object.hasOwn(attributesOfTags, name)) return whole;
  const addresses = attributesOfTags[name] ?? [];
  const attributes = [...rest.matchAll(/([^\s"'>/=]+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+)))?/g)].map(
    ([, key = '', double, single, bare]) => {
      const value = unescaped(double ?? single ?? bare ?? '');
      const shown = addresses.includes(key.toLowerCase()) ? rewrite(value) : value;
      return ` ${key.toLowerCase()}="${escaped(shown)}"`;
    },
  );
  return `<${name}${attributes.join('')}${/\/\s*$/.test(rest) ? '/' : ''}>`;
}

const entities = new Map([
  ['&', '&amp;'],
  ["'", '&#39;'],
  ['<', '&lt;'],
  ['>', '&gt;'],
  ['"', '&#34;'],
]);

function escaped(text: string): string {
  return text.replace(/[&'<>"]/g, (character) => entities.get(character) ?? character);
}

function unescaped(text: string): string {
  return text
    .replace(/&lt;/g, '<')
    .replace(/&gt;/g, '>')
    .replace(/&(quot|#34);/g, '"')
    .replace(/&#39;/g, "'")
    .replace(/&amp;/g, '&');
}
