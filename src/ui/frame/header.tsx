// The header: what runs here, its time and pace, theme and help.
import { useState } from 'react';
import { useCluster } from '../state/cluster-store.ts';
import { useSession } from '../state/session-store.ts';
import { useView } from '../state/view-store.ts';
import { Icon } from './icon.tsx';
import { changeSpeed, clockText, speeds, togglePause } from './pace.ts';
import { toggleTheme } from './shortcuts.ts';

export function Header() {
  const theme = useView((view) => view.theme);
  const setHelp = useView((view) => view.setHelp);
  return (
    <header className="header">
      <h1>
        <Icon name="mark" /> Tabernetes
      </h1>
      <ClusterFacts />
      <Pace />
      <button
        type="button"
        className="icon-button"
        aria-label={theme === 'dark' ? 'Light theme' : 'Dark theme'}
        title={theme === 'dark' ? 'Light theme (d)' : 'Dark theme (d)'}
        onClick={toggleTheme}
      >
        <Icon name={theme === 'dark' ? 'sun' : 'moon'} />
      </button>
      <button
        type="button"
        className="icon-button"
        aria-label="Help"
        title="Keys and help (?)"
        onClick={() => setHelp(true)}
      >
        <Icon name="help" />
      </button>
    </header>
  );
}

function ClusterFacts() {
  const nodes = useCluster((cluster) => cluster.nodes);
  const version = [...nodes.values()][0]?.status?.nodeInfo?.kubeletVersion;
  const text = version === undefined ? 'starting a cluster' : `${nodes.size} nodes · ${version}`;
  return <p className="facts">{text}</p>;
}

function Pace() {
  const { now, startedAt, speed, session } = useSession();
  const [chosen, setChosen] = useState(1);
  const paused = speed === 0;
  return (
    <fieldset className="pace" aria-label="Time">
      <button
        type="button"
        className="icon-button"
        disabled={!session}
        aria-label={paused ? 'Go on' : 'Pause'}
        title={paused ? 'Let time go on (p)' : 'Pause time (p)'}
        onClick={togglePause}
      >
        <Icon name={paused ? 'play' : 'pause'} />
      </button>
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
      <time title="Cluster time since you came">{clockText(now - startedAt)}</time>
    </fieldset>
  );
}
