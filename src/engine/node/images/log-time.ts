// Time as access logs write it.

/** `22/Nov/2026:14:38:56 +0000`. */
export function logTime(at: number): string {
  const iso = new Date(Math.floor(at)).toISOString();
  const month = 'JanFebMarAprMayJunJulAugSepOctNovDec'.slice(Number(iso.slice(5, 7)) * 3 - 3).slice(0, 3);
  return `${iso.slice(8, 10)}/${month}/${iso.slice(0, 4)}:${iso.slice(11, 19)} +0000`;
}

/** As Go's log package writes it: `2026/11/22 14:38:56`. */
export function goLogTime(at: number): string {
  return new Date(Math.floor(at)).toISOString().slice(0, 19).replaceAll('-', '/').replace('T', ' ');
}
