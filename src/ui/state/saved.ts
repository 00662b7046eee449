// What the browser remembers between visits. Storage may be full, refused or changed by hand: then nothing is saved.

const prefix = 'tabernetes/';

export function readSaved<T>(key: string, is: (value: unknown) => value is T): T | undefined {
  try {
    const text = localStorage.getItem(prefix + key);
    const value: unknown = text === null ? undefined : JSON.parse(text);
    return is(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

export function save(key: string, value: unknown): void {
  try {
    localStorage.setItem(prefix + key, JSON.stringify(value));
  } catch {
    // a page without storage works, it only forgets
  }
}
