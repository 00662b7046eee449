// What a completion is: candidates, and what the shell is to do with them (cobra's directives).

export interface Candidate {
  readonly word: string;
  readonly about?: string | undefined;
}

export interface Completed {
  readonly candidates: readonly Candidate[];
  /** Bits, as the scripts of shells read them. */
  readonly directive: number;
  /** Why there is nothing. */
  readonly problem?: string;
}

/** The shell completes files where nothing else fits. */
export const defaults = 0;
export const noSpace = 2;
export const noFiles = 4;
/** The candidates are endings of files' names. */
export const filesByEnding = 8;

const names: readonly (readonly [bit: number, name: string])[] = [
  [noSpace, 'ShellCompDirectiveNoSpace'],
  [noFiles, 'ShellCompDirectiveNoFileComp'],
  [filesByEnding, 'ShellCompDirectiveFilterFileExt'],
];

export function directiveNames(directive: number): string {
  const set = names.filter(([bit]) => (directive & bit) !== 0).map(([, name]) => name);
  return set.join(', ') || 'ShellCompDirectiveDefault';
}
