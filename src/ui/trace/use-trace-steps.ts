// The steps that a command has set off so far; asked for again while it sets off more.
import { useEffect, useState } from 'react';
import { nap } from '../../host.ts';
import type { WireTrace } from '../../worker/messages.ts';
import { onSteps, useSession } from '../state/session-store.ts';

/** Real milliseconds between two looks. */
const lookMs = 300;
const none: WireTrace = { steps: [], cut: false };

export function useTraceSteps(root: number | undefined): WireTrace {
  const session = useSession(({ session: found }) => found);
  const [trace, setTrace] = useState(none);
  useEffect(() => {
    setTrace(none);
    if (!session || root === undefined) return;
    let over = false;
    let looking = false;
    const look = async (): Promise<void> => {
      looking = true;
      const found = await session.trace(root);
      if (over) return;
      setTrace((shown) => (shown.steps.length === found.steps.length ? shown : found));
      await nap(lookMs).done;
      looking = false;
    };
    void look();
    const stop = onSteps(() => {
      if (!looking) void look();
    });
    return () => {
      over = true;
      stop();
    };
  }, [session, root]);
  return trace;
}
