// What the browser remembers between visits. Storage may be full, refused or changed by hand: then nothing is saved.
// An embedded page neither knows nor changes what the learner has set where the page stands alone.
import { embedding } from './embedding.ts';

const prefix = 'tabernetes/';

export function readSaved<T>(key: string, is: (value: unknown) => value is T): T | undefined {
  if (embedding) return undefined;
  try {
    const text = localStorage.getItem(prefix + key);
    const value: unknown = text === null ? undefined : JSON.parse(text);
    return is(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

export function save(key: string, value: unknown): void {
  if (embedding) return;
  try {
    localStorage.setItem(prefix + key, JSON.stringify(value));
  } catch {
    // a page without storage works, it only forgets
  }
}
