// How a page around this one asks for it: `?embed=1&panes=diagram,terminal&theme=light&origin=https://docs.example`.
import { isThemeChoice, type ThemeChoice } from '../../embed/messages.ts';

export interface Embedding {
  /** Ids of the panes that show, in the order in which they come to the front. */
  readonly panes: readonly string[];
  readonly theme: ThemeChoice;
  /** Who may send messages, and hears what happens here; undefined: nobody. */
  readonly origin: string | undefined;
}

const panesMax = 10;

/** Undefined: this page stands alone. */
export const embedding: Embedding | undefined = embeddingOf(new URLSearchParams(location.search));

function embeddingOf(options: URLSearchParams): Embedding | undefined {
  if (!options.has('embed') || options.get('embed') === '0') return undefined;
  const theme = options.get('theme');
  return {
    panes: panesOf(options),
    theme: isThemeChoice(theme) ? theme : 'auto',
    origin: parent === window ? undefined : originOf(options.get('origin') ?? ''),
  };
}

function panesOf(options: URLSearchParams): readonly string[] {
  const asked = (options.get('panes') ?? '').split(',').map((id) => id.trim());
  const panes = asked.filter((id) => id !== '').slice(0, panesMax);
  if (panes.length > 0) return panes;
  return options.has('lesson') ? ['diagram', 'terminal', 'lesson'] : ['diagram', 'terminal'];
}

function originOf(text: string): string | undefined {
  try {
    const { origin, protocol } = new URL(text);
    return /^https?:$/.test(protocol) ? origin : undefined;
  } catch {
    return undefined;
  }
}
