// The header: what runs here, the namespace that panes show, time and its pace, theme and help.
import { useState } from 'react';
import { useCluster } from '../state/cluster-store.ts';
import { useSession } from '../state/session-store.ts';
import { useView } from '../state/view-store.ts';
import { toggleTheme } from './actions.ts';
import { Mark } from './icon.tsx';
import { IconButton } from './icon-button.tsx';
import { changeSpeed, clockText, speeds, togglePause } from './pace.ts';

export function Header() {
  const theme = useView((view) => view.theme);
  const setOverlay = useView((view) => view.setOverlay);
  const other = theme === 'dark' ? 'Light theme' : 'Dark theme';
  return (
    <header className="header">
      <h1>
        <Mark /> <span>Tabernetes</span>
      </h1>
      <ClusterFacts />
      <NamespacePicker />
      <span className="space" />
      <Pace />
      <IconButton
        icon="find"
        label="Find"
        title="Find an action, object or lesson (Ctrl K)"
        onClick={() => setOverlay('palette')}
      />
      <IconButton icon="share" label="Share" title="Share this cluster by a link" onClick={() => setOverlay('share')} />
      <IconButton icon={theme === 'dark' ? 'sun' : 'moon'} label={other} title={`${other} (d)`} onClick={toggleTheme} />
      <IconButton icon="help" label="Help" title="Keys and help (?)" onClick={() => setOverlay('help')} />
    </header>
  );
}

function ClusterFacts() {
  const nodes = useCluster((cluster) => cluster.nodes);
  const version = [...nodes.values()][0]?.status?.nodeInfo?.kubeletVersion;
  const namespaces = useCluster((cluster) => cluster.namespaces);
  const ready = useSession(({ session }) => session !== undefined);
  const count = `${nodes.size} ${nodes.size === 1 ? 'node' : 'nodes'}`;
  const none = !ready ? 'starting' : namespaces.size > 0 ? 'no nodes' : 'no cluster yet';
  return <p className="facts">{version === undefined ? none : `${count} · ${version}`}</p>;
}

/** Narrows what panes show; kubectl's own namespace stays as its context says. */
function NamespacePicker() {
  const namespaces = useCluster((cluster) => cluster.namespaces);
  const namespace = useView((view) => view.namespace);
  const setNamespace = useView((view) => view.setNamespace);
  const names = [...namespaces.values()].flatMap(({ metadata }) => metadata?.name ?? []).sort();
  return (
    <select
      className="namespaces"
      aria-label="Namespace"
      title="Show one namespace"
      value={namespace ?? ''}
      onChange={({ target }) => setNamespace(target.value || undefined)}
    >
      <option value="">all namespaces</option>
      {names.map((name) => (
        <option key={name}>{name}</option>
      ))}
    </select>
  );
}

function Pace() {
  const { now, startedAt, speed, session } = useSession();
  const [chosen, setChosen] = useState(1);
  const paused = speed === 0;
  return (
    <fieldset className="pace" aria-label="Time">
      <IconButton
        icon={paused ? 'play' : 'pause'}
        label={paused ? 'Go on' : 'Pause'}
        title={paused ? 'Let time go on (p)' : 'Pause time (p)'}
        disabled={!session}
        onClick={togglePause}
      />
      <select
        aria-label="Speed of time"
        disabled={!session}
        value={paused ? chosen : speed}
        onChange={({ target }) => {
          setChosen(Number(target.value));
          changeSpeed(Number(target.value));
        }}
      >
        {speeds.map((one) => (
          <option key={one} value={one}>
            {one === 0.25 ? '¼' : one}×
          </option>
        ))}
      </select>
      <time title="Cluster time since it began">{clockText(now - startedAt)}</time>
    </fieldset>
  );
}
