// Ends of names that nobody else has, in the alphabet of Kubernetes: `debugger-x7k2p`.

const alphabet = 'bcdfghjklmnpqrstvwxz2456789';

/** Five characters. Programs have no source of chance, so a number (the time) decides. */
export function nameSuffix(seed: number): string {
  let state = Math.trunc(seed) >>> 0;
  let text = '';
  for (let i = 0; i < 5; i++) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    text += alphabet.charAt((state >>> 8) % alphabet.length);
  }
  return text;
}
