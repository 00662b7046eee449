// What crosses between a page and the playground that it frames: plain messages by postMessage, checked at both ends.
//
//   the page around ── run, insert, load, theme ──────────▶ the playground in its frame
//                   ◀─ ready, answered, refused, ran, progress ──
//
// Each end takes messages of the other's window and origin alone, and of no other shape than these.

/** The page around to the playground. */
export type HostMessage =
  /** Runs a command as if it had been typed; answered by `answered` or `refused`. */
  | { readonly kind: 'run'; readonly id: number; readonly command: string }
  /** Puts a command of one line into the prompt; the learner presses Enter. */
  | { readonly kind: 'insert'; readonly command: string }
  /** Opens a text in the editor; the learner applies it. */
  | { readonly kind: 'load'; readonly text: string }
  | { readonly kind: 'theme'; readonly theme: ThemeChoice };

/** The playground to the page around. */
export type FrameMessage =
  /** The cluster is Ready and takes commands. */
  | { readonly kind: 'ready' }
  | { readonly kind: 'answered'; readonly id: number; readonly result: CommandResult }
  | { readonly kind: 'refused'; readonly id: number; readonly message: string }
  /** A line of a terminal has run, whoever typed it. */
  | { readonly kind: 'ran'; readonly line: string; readonly exitCode: number }
  | { readonly kind: 'progress'; readonly progress: LessonProgress };

/** `auto`: as the learner's system is set. */
export type ThemeChoice = 'dark' | 'light' | 'auto';

/** How a command ended. */
export interface CommandResult {
  readonly exitCode: number;
  /** What it printed, both streams together as a terminal shows them; the end of it where that is very much. */
  readonly output: string;
}

/** How far the learner has come in a lesson. */
export interface LessonProgress {
  /** The lesson's name in addresses, e.g. `run-it`. */
  readonly lesson: string;
  /** How many of `steps` are done. */
  readonly done: number;
  readonly steps: number;
}

const commandMax = 20_000;
const textMax = 1_000_000;

/** A message as it is posted: with a mark, so that it is not taken for one of something else. */
export function marked(message: HostMessage | FrameMessage): unknown {
  return { ...message, tabernetes: 1 };
}

/** What the page around has posted; undefined: nothing that the playground understands. */
export function hostMessage(posted: unknown): HostMessage | undefined {
  const { kind, id, command, text, theme } = fieldsOf(posted);
  switch (kind) {
    case 'run':
      return isCount(id) && isCommand(command) ? { kind, id, command } : undefined;
    case 'insert':
      return isCommand(command) && !command.includes('\n') ? { kind, command } : undefined;
    case 'load':
      return typeof text === 'string' && text.length <= textMax ? { kind, text } : undefined;
    case 'theme':
      return isThemeChoice(theme) ? { kind, theme } : undefined;
    default:
      return undefined;
  }
}

/** What the playground has posted; undefined: nothing that the page around understands. */
export function frameMessage(posted: unknown): FrameMessage | undefined {
  const { kind, id, message, line, exitCode, ...rest } = fieldsOf(posted);
  switch (kind) {
    case 'ready':
      return { kind };
    case 'answered': {
      const { exitCode: code, output } = fieldsOf(rest.result, true);
      const fits = isCount(id) && isCount(code) && typeof output === 'string';
      return fits ? { kind, id, result: { exitCode: code, output } } : undefined;
    }
    case 'refused':
      return isCount(id) && typeof message === 'string' ? { kind, id, message } : undefined;
    case 'ran':
      return typeof line === 'string' && isCount(exitCode) ? { kind, line, exitCode } : undefined;
    case 'progress': {
      const { lesson, done, steps } = fieldsOf(rest.progress, true);
      const fits = typeof lesson === 'string' && isCount(done) && isCount(steps);
      return fits ? { kind, progress: { lesson, done, steps } } : undefined;
    }
    default:
      return undefined;
  }
}

/** Whether a text names a theme. */
export function isThemeChoice(value: unknown): value is ThemeChoice {
  return value === 'dark' || value === 'light' || value === 'auto';
}

/** `inner`: an object inside of a message, which has no mark of its own. */
function fieldsOf(value: unknown, inner = false): Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null) return {};
  const fields: Record<string, unknown> = { ...value };
  return inner || fields.tabernetes === 1 ? fields : {};
}

function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= 0;
}

/** Something to run, without keys that would do more than text does. */
function isCommand(value: unknown): value is string {
  if (typeof value !== 'string' || value.length > commandMax || value.trim() === '') return false;
  return !/\p{Cc}/u.test(value.replace(/[\n\t]/g, ''));
}
