// What a lesson is: prose, the state that it starts from, and steps whose checks are data.
import type { JsonValue } from '../base/json.ts';

export interface LessonSummary {
  /** Its folder's name. */
  readonly id: string;
  readonly title: string;
  /** One sentence. */
  readonly summary: string;
  readonly minutes: number;
  /** The world that it is played in. */
  readonly profile: string;
  readonly setup: Setup;
}

export interface Lesson extends LessonSummary {
  readonly intro: readonly Block[];
  readonly steps: readonly Step[];
  /** After the last step. */
  readonly outro: readonly Block[];
}

/** What is done before the learner comes. */
export interface Setup {
  /** Below the home directory, by path. */
  readonly files: Readonly<Record<string, string>>;
  /** Run by the learner's shell, one after the other. */
  readonly lines: readonly string[];
}

export interface Step {
  readonly title: string;
  readonly prose: readonly Block[];
  readonly checks: readonly Check[];
  /** From a nudge to nearly the answer. */
  readonly hints: readonly (readonly Inline[])[];
  /** Lines of the terminal that make all checks pass. */
  readonly solution: readonly string[];
}

export type Block =
  | { readonly kind: 'paragraph'; readonly text: readonly Inline[] }
  /** Lines for the prompt. */
  | { readonly kind: 'commands'; readonly lines: readonly string[] }
  /** What a file or a terminal shows. */
  | { readonly kind: 'code'; readonly text: string; readonly language: string }
  | { readonly kind: 'list'; readonly ordered: boolean; readonly items: readonly (readonly Inline[])[] }
  | { readonly kind: 'note'; readonly text: readonly Inline[] };

export type Inline =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'code'; readonly text: string }
  | { readonly kind: 'strong' | 'emphasis'; readonly text: readonly Inline[] }
  | { readonly kind: 'link'; readonly url: string; readonly text: readonly Inline[] }
  /** A word of the glossary. */
  | { readonly kind: 'term'; readonly text: string; readonly means: string };

export type Check = ObjectCheck | AnswerCheck | CommandCheck;

/** Objects of the API: as many of those that fit as `count` says. */
export interface ObjectCheck {
  readonly kind: 'objects';
  /** What ticks, e.g. `Three pods run`. */
  readonly says: string;
  /** E.g. `apps/v1/deployments`, `v1/pods`. */
  readonly resource: string;
  /** Undefined: all, or none where the resource is in none. */
  readonly namespace: string | undefined;
  readonly name: string | undefined;
  /** Of labels. */
  readonly selector: string | undefined;
  /** Only objects that were not there when the step began. */
  readonly fresh: boolean;
  readonly where: readonly Condition[];
  readonly count: { readonly min: number; readonly max: number };
}

/** A field of an object, e.g. `.status.containerStatuses[*].ready`; with `[*]` one value that fits is enough. */
export interface Condition {
  readonly field: string;
  readonly is?: JsonValue;
  readonly atLeast?: number;
  readonly matches?: string;
  readonly exists?: boolean;
}

/** Something answers HTTP as seen from the learner's machine. */
export interface AnswerCheck {
  readonly kind: 'answer';
  readonly says: string;
  readonly url: string;
  readonly contains: string;
}

/** A line of the terminal that succeeded since the step began: for what the API cannot tell. */
export interface CommandCheck {
  readonly kind: 'ran';
  readonly says: string;
  /** A regular expression. */
  readonly command: string;
}
