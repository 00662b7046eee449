// How the words of a command are completed, as `complete` was told.

/** `complete -o default -F __start_kubectl k` */
export interface CompletionRule {
  /** Names of `-o`, in the order in which they were given. */
  readonly options: readonly string[];
  readonly function?: string;
  readonly words?: string;
}
