// Which world the page shows: what the address asks for, or what was here before; and how to begin it anew.
import { freshSeed } from '../../host.ts';
import type { WorldChoice } from '../../worker/messages.ts';
import { embedding } from './embedding.ts';
import { useSession } from './session-store.ts';

const freshFlag = 'tabernetes/fresh';
const shareMark = '#share=';

/** `begins`: the profile and set-up that a lesson asks for. */
export function chooseWorld(lesson: string | undefined, begins: Pick<WorldChoice, 'profile' | 'setup'>): WorldChoice {
  const options = new URLSearchParams(location.search);
  const seed = Number(options.get('seed'));
  const asked = seed > 0;
  const share = location.hash.startsWith(shareMark) ? location.hash.slice(shareMark.length) : undefined;
  // An embedded world belongs to the page around it, and one with a seed is asked for anew each time.
  const kept = !asked && share === undefined && !embedding;
  return {
    ...begins,
    seed: asked ? seed : freshSeed(),
    key: kept ? (lesson === undefined ? `profile/${begins.profile}` : `lesson/${lesson}`) : undefined,
    fresh: takeFreshFlag(),
    share,
  };
}

/** Forgets this world and begins it anew. */
export function resetWorld(): void {
  useSession.getState().session?.close();
  try {
    sessionStorage.setItem(freshFlag, 'yes');
  } catch {
    // a browser that keeps nothing has nothing to forget
  }
  if (location.hash !== '') history.replaceState(undefined, '', location.pathname + location.search);
  location.reload();
}

/** An address at which this world comes about again. Rejects with a sentence. */
export async function shareUrl(): Promise<string> {
  const { session } = useSession.getState();
  if (!session) throw new Error('The cluster is not there yet.');
  const options = new URLSearchParams(location.search);
  for (const name of ['seed', 'profile', 'embed', 'panes', 'theme', 'origin']) options.delete(name);
  const query = options.size > 0 ? `?${options}` : '';
  return `${location.origin}${location.pathname}${query}${shareMark}${await session.share()}`;
}

function takeFreshFlag(): boolean {
  try {
    const set = sessionStorage.getItem(freshFlag) !== null;
    sessionStorage.removeItem(freshFlag);
    return set;
  } catch {
    return false; // a browser that keeps nothing
  }
}
