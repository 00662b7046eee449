// Log lines as klog writes them: `I1122 13:49:38.000000    4711 loader.go:407] message`.
import type { Process } from '../api/program.ts';

export function klogLine(
  process: Pick<Process, 'clock' | 'pid'>,
  level: 'I' | 'W' | 'E' | 'F',
  place: string,
  text: string,
): string {
  const at = new Date(process.clock.now());
  const two = (value: number) => String(value).padStart(2, '0');
  const day = `${two(at.getUTCMonth() + 1)}${two(at.getUTCDate())}`;
  const time = `${two(at.getUTCHours())}:${two(at.getUTCMinutes())}:${two(at.getUTCSeconds())}`;
  const micros = String(at.getUTCMilliseconds() * 1000).padStart(6, '0');
  return `${level}${day} ${time}.${micros} ${String(process.pid).padStart(7)} ${place}] ${text}\n`;
}
