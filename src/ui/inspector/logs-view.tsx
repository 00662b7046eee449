// A container's log: followed while it is shown, or of the container before the last restart.
import { useEffect, useRef, useState } from 'react';
import { useSession } from '../state/session-store.ts';

/** Lines kept on the page. */
const linesMax = 1000;

export interface LogLinesProps {
  readonly pod: { readonly namespace: string; readonly name: string };
  readonly container: string;
  readonly previous?: boolean;
  /** Only the last lines, and no following. */
  readonly tail?: number | undefined;
}

export function LogsView({
  pod,
  containers,
}: {
  readonly pod: LogLinesProps['pod'];
  readonly containers: readonly string[];
}) {
  const [chosen, setChosen] = useState(containers[0] ?? '');
  const [previous, setPrevious] = useState(false);
  const container = containers.includes(chosen) ? chosen : (containers[0] ?? '');
  return (
    <div className="logs">
      <div className="logs-bar">
        <select
          className="choice"
          aria-label="Container"
          value={container}
          onChange={({ target }) => setChosen(target.value)}
        >
          {containers.map((name) => (
            <option key={name}>{name}</option>
          ))}
        </select>
        <label>
          <input type="checkbox" checked={previous} onChange={({ target }) => setPrevious(target.checked)} /> before the
          last restart
        </label>
      </div>
      <LogLines key={`${container} ${previous}`} pod={pod} container={container} previous={previous} />
    </div>
  );
}

export function LogLines({ pod, container, previous = false, tail }: LogLinesProps) {
  const { namespace, name } = pod;
  const session = useSession(({ session: found }) => found);
  const [text, setText] = useState<string>();
  const place = useRef<HTMLPreElement>(null);
  useEffect(() => {
    setText(undefined);
    if (!session) return;
    let over = false;
    let close = (): void => {};
    const query = new URLSearchParams({
      container,
      tailLines: String(tail ?? 200),
      follow: String(!previous && tail === undefined),
      previous: String(previous),
    });
    const path = `/api/v1/namespaces/${namespace}/pods/${name}/log?${query}`;
    const decoder = new TextDecoder();
    const read = async (): Promise<void> => {
      const stream = await session.kube.stream({ method: 'GET', path, headers: { 'user-agent': 'page' } });
      close = () => stream.close();
      for (;;) {
        const piece = over ? undefined : await stream.read();
        if (over || piece === undefined) break;
        const more = piece.kind === 'bytes' ? decoder.decode(piece.bytes, { stream: true }) : messageOf(piece);
        setText((before = '') => lastLines(before + more));
      }
      setText((before = '') => before);
    };
    read().catch((error: unknown) => over || setText(String(error)));
    return () => {
      over = true;
      close();
    };
  }, [session, namespace, name, container, previous, tail]);
  useEffect(() => {
    const pane = place.current?.closest('.inspector-body');
    if (text !== undefined && pane && tail === undefined) pane.scrollTop = pane.scrollHeight;
  }, [text, tail]);
  if (text === undefined) return <p className="soft">Reading the log…</p>;
  return (
    <pre className="log" ref={place}>
      {text === '' ? 'It has printed nothing.' : text}
    </pre>
  );
}

function lastLines(text: string): string {
  const lines = text.split('\n');
  return lines.length > linesMax ? lines.slice(-linesMax).join('\n') : text;
}

/** A log that cannot be read answers with a Status. */
function messageOf(
  piece: { readonly kind: 'json'; readonly value: unknown } | { readonly kind: 'text'; readonly text: string },
): string {
  if (piece.kind === 'text') return piece.text;
  const { value } = piece;
  return typeof value === 'object' && value !== null && 'message' in value ? `${value.message}\n` : '';
}
