// Share: a link that brings this cluster about again, wherever it is opened.
import { useEffect, useRef, useState } from 'react';
import { useView } from '../state/view-store.ts';
import { shareUrl } from '../state/world.ts';

export function Share() {
  const dialog = useRef<HTMLDialogElement>(null);
  const setOverlay = useView((view) => view.setOverlay);
  const [url, setUrl] = useState<string>();
  const [note, setNote] = useState('Packing what has happened here…');
  useEffect(() => {
    dialog.current?.showModal();
    shareUrl().then(
      (made) => {
        setUrl(made);
        setNote(`${(made.length / 1000).toFixed(1)} kB, all of it in the link: nothing is uploaded.`);
      },
      (error: unknown) => setNote(error instanceof Error ? error.message : String(error)),
    );
  }, []);
  const copy = (): void => {
    navigator.clipboard.writeText(url ?? '').then(
      () => setNote('Copied.'),
      () => setNote('The browser does not allow copying: select the link and copy it by hand.'),
    );
  };
  return (
    <dialog className="dialog" ref={dialog} onClose={() => setOverlay(undefined)} aria-labelledby="share-title">
      <h2 id="share-title">Share this cluster</h2>
      <p>
        The link carries the seed and everything that was typed. Whoever opens it has it all happen again and gets the
        same cluster, to go on from here.
      </p>
      <input aria-label="Link" readOnly value={url ?? ''} onFocus={({ target }) => target.select()} />
      <p role="status">{note}</p>
      <form method="dialog">
        <button type="button" className="button primary" disabled={url === undefined} onClick={copy}>
          Copy
        </button>
        <button type="submit" className="button">
          Close
        </button>
      </form>
    </dialog>
  );
}
