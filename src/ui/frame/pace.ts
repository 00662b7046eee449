// Pause and speed, as buttons and keys ask for them.
import { useSession } from '../state/session-store.ts';

export const speeds: readonly number[] = [0.25, 1, 4, 20, 100];

export function togglePause(): void {
  const { session, speed } = useSession.getState();
  if (speed === 0) session?.resume();
  else session?.pause();
}

export function changeSpeed(speed: number): void {
  const { session } = useSession.getState();
  session?.setSpeed(speed);
  session?.resume();
}

/** `00:03:12` of milliseconds. */
export function clockText(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  const parts = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  return parts.map((part) => String(part).padStart(2, '0')).join(':');
}
