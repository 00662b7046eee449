// A machine's journal: what systemd and its services have written, the newest lines of it.
import type { JournalEntry, UnitName } from '../../../api/machines.ts';
import type { Scope } from '../../sim/scope.ts';

/** Lines kept of one machine. */
const entriesMax = 1000;

/** A field of klog's structured lines: text is quoted. */
export type LogFields = Readonly<Record<string, string | number>>;

export class Journal {
  private kept: JournalEntry[] = [];
  private written = 0;

  constructor(private readonly scope: Scope) {}

  get entries(): readonly JournalEntry[] {
    return this.kept;
  }

  /** A line of a component that logs by klog, e.g. `E0101 09:00:10.123456     812 kubelet.go:2412] "…" err="…"`. */
  klog(line: {
    readonly unit: UnitName;
    readonly pid: number;
    readonly severity: 'I' | 'W' | 'E';
    /** E.g. `kubelet.go:2412`. */
    readonly source: string;
    readonly message: string;
    readonly fields?: LogFields;
  }): void {
    const { unit, pid, severity, source, message, fields = {} } = line;
    const [, month = '', day = '', clock = ''] = /-(\d\d)-(\d\d)T([\d:.]+)Z/.exec(this.timeText()) ?? [];
    const rest = Object.entries(fields).map(
      ([name, value]) => ` ${name}=${typeof value === 'number' ? value : JSON.stringify(value)}`,
    );
    const head = `${severity}${month}${day} ${clock}000 ${String(pid).padStart(7)} ${source}]`;
    this.write(unit, `${unit}[${pid}]`, `${head} ${JSON.stringify(message)}${rest.join('')}`);
  }

  /** What systemd says of a service. */
  systemd(unit: UnitName, text: string): void {
    this.write(unit, 'systemd[1]', text);
  }

  write(unit: UnitName, by: string, text: string): void {
    this.kept.push({ number: this.written++, at: this.scope.now, unit, by, text });
    if (this.kept.length > entriesMax * 2) this.kept = this.kept.slice(-entriesMax);
  }

  private timeText(): string {
    return new Date(this.scope.now).toISOString();
  }
}
