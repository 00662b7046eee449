// The events about an object, newest first: read when it is shown, and again when the trace tells of a new one.
import { useEffect, useState } from 'react';
import type { CoreEvent } from '../../api/generated/types.ts';
import { isList, isObject } from '../../base/json.ts';
import { nap } from '../../host.ts';
import { onSteps, useSession } from '../state/session-store.ts';

/** Real milliseconds between two reads. */
const readMs = 400;

export function useEvents(namespace: string | undefined, name: string, uid: string): readonly CoreEvent[] {
  const session = useSession(({ session: found }) => found);
  const [events, setEvents] = useState<readonly CoreEvent[]>([]);
  useEffect(() => {
    setEvents([]);
    if (!session || uid === '') return;
    let over = false;
    let reading = false;
    const read = async (): Promise<void> => {
      reading = true;
      const selector = encodeURIComponent(`involvedObject.uid=${uid}`);
      const place = namespace ? `/namespaces/${namespace}` : '';
      const headers = { 'user-agent': 'page', accept: 'application/json' };
      const path = `/api/v1${place}/events?fieldSelector=${selector}`;
      const reply = await session.kube.request({ method: 'GET', path, headers }).catch(() => undefined);
      const list = reply?.body.kind === 'json' && isObject(reply.body.value) ? reply.body.value.items : undefined;
      const items: readonly object[] = isList(list) ? list.filter(isObject) : [];
      const found = items as readonly CoreEvent[]; // edge: the API server has validated them
      if (over) return;
      setEvents([...found].sort((a, b) => (timeOf(a) < timeOf(b) ? 1 : -1)));
      await nap(readMs).done;
      reading = false;
    };
    void read();
    const about = `/${name}.`;
    const stop = onSteps((steps) => {
      if (!reading && steps.some(({ subject }) => subject.startsWith('events ') && subject.includes(about)))
        void read();
    });
    return () => {
      over = true;
      stop();
    };
  }, [session, namespace, name, uid]);
  return events;
}

export function timeOf({ lastTimestamp, eventTime, series, metadata }: CoreEvent): string {
  return series?.lastObservedTime ?? lastTimestamp ?? eventTime ?? metadata?.creationTimestamp ?? '';
}

export function countOf({ count, series }: CoreEvent): number {
  return series?.count ?? count ?? 1;
}
