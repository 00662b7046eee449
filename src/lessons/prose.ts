// A lesson's markdown as blocks that a page can show: no HTML passes through, links lead to https alone, and the first
// use of a glossary's word is marked.
import { lexer, type Token, type Tokens } from 'marked';
import type { Block, Inline } from './lesson.ts';

/** What words mean, by the way they are written in prose, in lower case. */
export type Glossary = ReadonlyMap<string, string>;

export interface Section {
  readonly title: string;
  readonly blocks: readonly Block[];
}

/** Sections by their headings (`##`); the first is what stands before them, under the title (`#`). */
export function readProse(markdown: string, glossary: Glossary): readonly Section[] {
  const sections: { title: string; tokens: Token[] }[] = [{ title: '', tokens: [] }];
  for (const token of lexer(markdown)) {
    if (token.type === 'heading' && token.depth === 2) sections.push({ title: plainText(token.tokens), tokens: [] });
    else if (token.type === 'heading' && token.depth === 1)
      sections[0] = { title: plainText(token.tokens), tokens: [] };
    else sections.at(-1)?.tokens.push(token);
  }
  const terms = new Terms(glossary);
  return sections.map(({ title, tokens }) => ({
    title,
    blocks: tokens.flatMap((token) => blocksOf(token, terms)),
  }));
}

/** One line of markdown. */
export function readLine(markdown: string, glossary: Glossary): readonly Inline[] {
  const terms = new Terms(glossary);
  return lexer(markdown).flatMap((token) =>
    token.type === 'paragraph' ? inlinesOf(token.tokens, terms) : [{ kind: 'text' as const, text: token.raw }],
  );
}

function blocksOf(token: Token, terms: Terms): readonly Block[] {
  switch (token.type) {
    case 'space':
      return [];
    case 'paragraph':
      return [{ kind: 'paragraph', text: inlinesOf(token.tokens, terms) }];
    case 'code': {
      const { text, lang = '' } = token as Tokens.Code; // edge: the type names it
      if (lang !== 'sh') return [{ kind: 'code', text, language: lang }];
      return [{ kind: 'commands', lines: text.split('\n').filter((line) => line !== '') }];
    }
    case 'list': {
      const { ordered, items } = token as Tokens.List; // edge: the type names it
      return [{ kind: 'list', ordered, items: items.map((item) => inlinesOf(flat(item.tokens), terms)) }];
    }
    case 'blockquote':
      return [{ kind: 'note', text: inlinesOf(flat(token.tokens), terms) }];
    default:
      return [{ kind: 'paragraph', text: [{ kind: 'text', text: token.raw.trim() }] }];
  }
}

/** The inline tokens of blocks, one after the other. */
function flat(tokens: readonly Token[] | undefined): readonly Token[] {
  return (tokens ?? []).flatMap((token) => ('tokens' in token && token.tokens ? token.tokens : [token]));
}

function inlinesOf(tokens: readonly Token[] | undefined, terms: Terms): readonly Inline[] {
  return (tokens ?? []).flatMap((token): readonly Inline[] => {
    switch (token.type) {
      case 'text':
        return terms.mark(unescaped(token.text));
      case 'codespan':
        return [{ kind: 'code', text: unescaped(token.text) }];
      case 'strong':
        return [{ kind: 'strong', text: inlinesOf(token.tokens, terms) }];
      case 'em':
        return [{ kind: 'emphasis', text: inlinesOf(token.tokens, terms) }];
      case 'link':
        if (!/^https:\/\//.test(token.href)) return [{ kind: 'text', text: token.raw }];
        return [{ kind: 'link', url: token.href, text: inlinesOf(token.tokens, new Terms(new Map())) }];
      case 'escape':
        return [{ kind: 'text', text: token.text }];
      default:
        return [{ kind: 'text', text: token.raw }];
    }
  });
}

function plainText(tokens: readonly Token[] | undefined): string {
  return (tokens ?? []).map((token) => ('text' in token ? unescaped(String(token.text)) : token.raw)).join('');
}

/** The lexer escapes what HTML would take for its own; here nothing becomes HTML. */
function unescaped(text: string): string {
  return text
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&amp;', '&');
}

/** Marks the first use of each word of a glossary. */
class Terms {
  private readonly used = new Set<string>();
  private readonly pattern: RegExp | undefined;

  constructor(private readonly glossary: Glossary) {
    const words = [...glossary.keys()].sort((a, b) => b.length - a.length);
    if (words.length > 0) this.pattern = new RegExp(`(?<![\\w-])(?:${words.join('|')})(?![\\w-]|\\.\\w)`, 'gi');
  }

  mark(text: string): readonly Inline[] {
    const { pattern } = this;
    if (!pattern) return [{ kind: 'text', text }];
    const made: Inline[] = [];
    let from = 0;
    for (const { 0: word, index } of text.matchAll(pattern)) {
      const means = this.glossary.get(word.toLowerCase()) ?? '';
      if (this.used.has(means)) continue;
      this.used.add(means);
      if (index > from) made.push({ kind: 'text', text: text.slice(from, index) });
      made.push({ kind: 'term', text: word, means });
      from = index + word.length;
    }
    if (from < text.length) made.push({ kind: 'text', text: text.slice(from) });
    return made;
  }
}
