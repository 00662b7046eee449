// The inspector: what is selected — in short and why, as YAML, as kubectl describes it, its events, its logs.
import { useEffect, useMemo, useState } from 'react';
import type { CoreEvent } from '../../api/generated/types.ts';
import { emitYaml } from '../../base/yaml-emit.ts';
import { useCluster } from '../state/cluster-store.ts';
import { useVerdicts } from '../state/decisions.ts';
import { openObject } from '../state/editor-store.ts';
import { useSession } from '../state/session-store.ts';
import { type Selection, useView } from '../state/view-store.ts';
import type { Why } from '../why/why.ts';
import './inspector.css';
import { LogsView } from './logs-view.tsx';
import { type ShownObject, shownObject } from './shown-object.ts';
import { countOf, timeOf, useEvents } from './use-events.ts';
import { WhyView } from './why-view.tsx';

const tabNames = { overview: 'Overview', yaml: 'YAML', describe: 'Describe', events: 'Events', logs: 'Logs' } as const;
type Tab = keyof typeof tabNames;
const allTabs: readonly Tab[] = ['overview', 'yaml', 'describe', 'events', 'logs'];

export default function InspectorPane() {
  const selection = useView((view) => view.selection);
  const cluster = useCluster();
  const shown = selection && shownObject(cluster, selection);
  const last = useLast(shown, selection);
  const found = shown ?? last;
  if (!selection || !found)
    return (
      <p className="empty">
        {selection ? 'This object no longer exists.' : 'Select a pod, node or service in the diagram to look into it.'}
      </p>
    );
  return <Shown key={selection.uid} shown={found} gone={!shown} />;
}

function apiPath({ group, version, resource }: ShownObject['resource'], namespace: string, name: string): string {
  const root = group === '' ? `/api/${version}` : `/apis/${group}/${version}`;
  const scope = namespace === '' ? '' : `/namespaces/${namespace}`;
  return `${root}${scope}/${resource}/${name}`;
}

/** What was last seen of an object stays on the page when it goes. */
function useLast(shown: ShownObject | undefined, selection: Selection | undefined): ShownObject | undefined {
  const [last, setLast] = useState<{ readonly uid: string; readonly shown: ShownObject }>();
  useEffect(() => {
    if (shown && selection) setLast({ uid: selection.uid, shown });
  }, [shown, selection]);
  return last?.uid === selection?.uid ? last?.shown : undefined;
}

function Shown({ shown, gone }: { readonly shown: ShownObject; readonly gone: boolean }) {
  const [tab, setTab] = useState<Tab>('overview');
  const { metadata, resource, containers } = shown;
  const { namespace = '', name = '', uid = '' } = metadata;
  const events = useEvents(namespace, name, uid);
  const tabs = allTabs.filter((id) => id !== 'logs' || containers.length > 0);
  return (
    <div className="inspector">
      <header>
        <h2>
          <small>
            {resource.kind}
            {namespace && ` in ${namespace}`}
            {gone && ' · deleted'}
          </small>
          {name}
        </h2>
        {!gone && (
          <button type="button" className="button" onClick={() => openObject(apiPath(resource, namespace, name))}>
            Edit
          </button>
        )}
      </header>
      <div className="segments">
        {tabs.map((id) => (
          <button key={id} type="button" aria-pressed={tab === id} onClick={() => setTab(id)}>
            {tabNames[id]}
            {id === 'events' && events.length > 0 && <sup>{events.length}</sup>}
          </button>
        ))}
      </div>
      <div className="inspector-body">
        {tab === 'overview' && <Overview shown={shown} events={events} gone={gone} />}
        {tab === 'yaml' && <Text text={emitYaml(withoutManagedFields(shown.object))} />}
        {tab === 'describe' && <Description shown={shown} gone={gone} />}
        {tab === 'events' && <Events events={events} />}
        {tab === 'logs' && <LogsView pod={{ namespace, name }} containers={containers} />}
      </div>
    </div>
  );
}

interface OverviewProps {
  readonly shown: ShownObject;
  readonly events: readonly CoreEvent[];
  readonly gone: boolean;
}

function Overview({ shown, events, gone }: OverviewProps) {
  const select = useView((view) => view.select);
  const why = useWhy(shown, events);
  const { namespace = '', name = '' } = shown.metadata;
  return (
    <>
      {why && !gone && <WhyView why={why} pod={shown.containers.length > 0 ? { namespace, name } : undefined} />}
      <dl>
        {shown.facts.map(({ name: fact, value, link }) => (
          <div key={fact}>
            <dt>{fact}</dt>
            <dd>
              {link ? (
                <button type="button" className="link" onClick={() => select(link)}>
                  {value}
                </button>
              ) : (
                value
              )}
            </dd>
          </div>
        ))}
      </dl>
    </>
  );
}

function useWhy(shown: ShownObject, events: readonly CoreEvent[]): Why | undefined {
  const cluster = useCluster();
  const verdicts = useVerdicts();
  return useMemo(() => {
    const told = events.map((event) => ({
      reason: event.reason ?? '',
      message: event.message ?? '',
      count: countOf(event),
    }));
    return shown.why({ ...cluster, events: told, verdicts });
  }, [shown, events, cluster, verdicts]);
}

function Description({ shown, gone }: { readonly shown: ShownObject; readonly gone: boolean }) {
  const session = useSession(({ session: found }) => found);
  const [text, setText] = useState<string>();
  const { resource, metadata } = shown;
  const { namespace = '', name = '', resourceVersion } = metadata;
  const { group, version, resource: plural, kind } = resource;
  useEffect(() => {
    let over = false;
    if (!gone)
      session
        ?.describe({ group, version, resource: plural, kind, namespace, name })
        .then((found) => over || setText(found));
    return () => {
      over = true;
    };
  }, [session, group, version, plural, kind, namespace, name, resourceVersion, gone]);
  return text === undefined ? <p className="soft">Asking the API server…</p> : <Text text={text} />;
}

/** Text in columns, and a way to take it along. */
function Text({ text }: { readonly text: string }) {
  return (
    <>
      <button type="button" className="copy" onClick={() => void navigator.clipboard.writeText(text)}>
        Copy
      </button>
      <pre className="description">{text}</pre>
    </>
  );
}

function Events({ events }: { readonly events: readonly CoreEvent[] }) {
  if (events.length === 0) return <p className="soft">No events. They are kept for an hour.</p>;
  return (
    <ol className="events">
      {events.map((event) => (
        <li key={event.metadata?.uid} className={event.type === 'Warning' ? 'is-warning' : undefined}>
          <b>
            {event.type === 'Warning' && <span aria-hidden="true">! </span>}
            {event.reason}
            {countOf(event) > 1 && ` ×${countOf(event)}`}
          </b>
          <small>
            {clock(timeOf(event))} · {event.source?.component || event.reportingComponent}
          </small>
          <p>{event.message}</p>
        </li>
      ))}
    </ol>
  );
}

/** `09:01:54` of `2026-01-01T09:01:54Z`. */
function clock(time: string): string {
  return time.slice(11, 19);
}

function withoutManagedFields(object: object): object {
  if (!('metadata' in object) || typeof object.metadata !== 'object' || object.metadata === null) return object;
  const { managedFields: _, ...metadata } = object.metadata as { readonly managedFields?: unknown }; // edge: only left out
  return { ...object, metadata };
}
