// What a session's owner may do that no program can: faults, and the pace of time.
import type { ControlPort } from '../api/ports.ts';
import type { Session, SessionInput } from './session.ts';

/** Time as a player has it: it follows the wall clock times the speed, stands still, or goes on step by step. */
export interface SessionControl extends ControlPort {
  /** Virtual seconds a real second; 0 while paused. */
  readonly speed: number;
  pause(): void;
  /** Goes on at the speed before the pause. */
  resume(): void;
  /** Limits: 0 < speed ≤ 1000. */
  setSpeed(speed: number): void;
  /** Paused: lets the world go on until something has happened (a step of the trace). Resolves with its time. */
  step(): Promise<number>;
  /** Goes on at full speed until a virtual instant (milliseconds since the Unix epoch), then at the speed it had. */
  runUntil(at: number): Promise<void>;
  /** Lets time pass; everything else here waits for it to be called. Resolves after `stopped` has. */
  run(stopped: Promise<void>): Promise<void>;
}

const speedMax = 1000;
/** Instants that one `step` passes at most in search of something that happens. */
const instantsMax = 100_000;

export function sessionControl(session: Session): SessionControl {
  const { driver } = session;
  const { simulation } = driver;
  let chosen = 1;
  let paused = false;
  const speed = (): number => (paused ? 0 : chosen);
  const enter = async (input: SessionInput): Promise<void> => {
    await session.input(input);
  };
  return {
    clock: {
      now() {
        driver.catchUp();
        return simulation.now;
      },
      sleep: (ms, cancel) => driver.sleep(ms, cancel),
    },
    powerOff: (node) => enter({ kind: 'power', node, on: false }),
    powerOn: (node) => enter({ kind: 'power', node, on: true }),
    partition: (node, cut) => enter({ kind: 'partition', node, cut }),
    setComponent: (node, component, running) => enter({ kind: 'component', node, component, running }),
    slowEtcd: (node, delayMs) => enter({ kind: 'slow', node, delayMs }),
    get speed() {
      return speed();
    },
    pause() {
      driver.catchUp();
      paused = true;
    },
    resume() {
      driver.catchUp();
      paused = false;
    },
    setSpeed(asked) {
      driver.catchUp();
      chosen = Math.min(Math.max(asked, Number.MIN_VALUE), speedMax);
    },
    async step() {
      const before = simulation.trace.last;
      await driver.atRest();
      for (let passed = 0; passed < instantsMax && simulation.trace.last === before; passed++) {
        const { nextAt } = simulation;
        if (nextAt === undefined) break;
        await driver.reach(nextAt);
        await driver.atRest();
      }
      return simulation.now;
    },
    runUntil: (at) => driver.reach(at),
    run: (stopped) => driver.runPaced(speed, stopped),
  };
}
