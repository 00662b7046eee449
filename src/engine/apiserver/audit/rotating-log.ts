// A log file that another takes the place of when it gets too large; old ones go by their age and their number.
//
//   audit.log ─ full ─▶ audit-2026-11-23T01-02-03.000.log, and audit.log begins anew
import { formatMicroTime } from '../../../base/time.ts';

/** The files that a log is among; each throws an Error whose message says why it cannot. */
export interface LogFiles {
  /** Makes the file, and the directories above it. */
  append(path: string, text: string): void;
  /** In bytes; 0 where there is none. */
  size(path: string): number;
  rename(from: string, to: string): void;
  remove(path: string): void;
  /** Names in a directory. */
  list(directory: string): readonly string[];
}

export interface RotatingLogOptions {
  readonly path: string;
  /** Bytes in one file; 0: it is never rotated. */
  readonly sizeMax: number;
  /** How many old files are kept, and for how long; 0: all, and for ever. */
  readonly backupsMax: number;
  readonly ageMaxMs: number;
}

export class RotatingLog {
  private readonly directory: string;
  private readonly stem: string;
  private readonly extension: string;

  constructor(
    private readonly files: LogFiles,
    private readonly now: () => number,
    private readonly options: RotatingLogOptions,
  ) {
    const { path } = options;
    const slash = path.lastIndexOf('/');
    const name = path.slice(slash + 1);
    const dot = name.lastIndexOf('.');
    this.directory = slash < 0 ? '.' : path.slice(0, slash) || '/';
    this.stem = `${dot < 0 ? name : name.slice(0, dot)}-`;
    this.extension = dot < 0 ? '' : name.slice(dot);
    files.append(path, '');
  }

  write(text: string): void {
    const { path, sizeMax } = this.options;
    if (sizeMax > 0 && this.files.size(path) + text.length > sizeMax) this.rotate();
    this.files.append(path, text);
  }

  private rotate(): void {
    const { path } = this.options;
    const stamp = formatMicroTime(this.now()).slice(0, -4).replaceAll(':', '-');
    this.files.rename(path, `${this.directory}/${this.stem}${stamp}${this.extension}`);
    this.dropOld();
  }

  private dropOld(): void {
    const { backupsMax, ageMaxMs } = this.options;
    const old = this.files.list(this.directory).flatMap((name) => {
      const at = this.timeOf(name);
      return at === undefined ? [] : [{ name, at }];
    });
    old.sort((a, b) => b.at - a.at);
    old.forEach(({ name, at }, place) => {
      const isOne = backupsMax > 0 && place >= backupsMax;
      if (isOne || (ageMaxMs > 0 && at < this.now() - ageMaxMs)) this.files.remove(`${this.directory}/${name}`);
    });
  }

  /** When an old file was put aside; undefined: it is none. */
  private timeOf(name: string): number | undefined {
    if (!name.startsWith(this.stem) || !name.endsWith(this.extension)) return undefined;
    const stamp = name.slice(this.stem.length, name.length - this.extension.length);
    const match = /^(\d{4}-\d\d-\d\dT\d\d)-(\d\d)-(\d\d\.\d{3})$/.exec(stamp);
    return match ? Date.parse(`${match[1]}:${match[2]}:${match[3]}Z`) : undefined;
  }
}
