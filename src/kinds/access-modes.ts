// How a volume may be mounted, in the letters of tables.

const letters: readonly (readonly [mode: string, letters: string])[] = [
  ['ReadWriteOnce', 'RWO'],
  ['ReadOnlyMany', 'ROX'],
  ['ReadWriteMany', 'RWX'],
  ['ReadWriteOncePod', 'RWOP'],
];

/** `RWO,RWX`. */
export function accessModesText(modes: readonly string[] | undefined): string {
  return letters.flatMap(([mode, text]) => (modes?.includes(mode) ? text : [])).join(',');
}
