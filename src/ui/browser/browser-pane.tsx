// A browser on the learner's machine: fetches over the simulated network and shows what came, which can do nothing.
import { type FormEvent, useEffect, useState } from 'react';
import type { FetchedPage } from '../../api/desktop.ts';
import { IconButton } from '../frame/icon-button.tsx';
import { useDesktop } from '../state/desktop.ts';
import { useSession } from '../state/session-store.ts';
import { addressOf, type ShownPage, shownPage } from './shown-page.ts';
import './browser.css';

export default function BrowserPane() {
  const { address, visit, go } = useDesktop();
  const [typed, setTyped] = useState(address);
  const page = usePage(address, visit);
  useEffect(() => setTyped(page?.url ?? address), [page, address]);
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    const wanted = addressOf(typed);
    if (wanted !== '') go(wanted);
  };
  const loading = address !== '' && page === undefined;
  return (
    <div className="browser">
      <form className="browser-bar" onSubmit={submit}>
        <IconButton icon="reload" label="Load again" disabled={address === ''} onClick={() => go(address)} />
        <input
          type="text"
          aria-label="Address"
          inputMode="url"
          spellCheck={false}
          autoCapitalize="off"
          autoComplete="off"
          placeholder="Address, for instance 127.0.0.1:8181"
          value={typed}
          onChange={({ target }) => setTyped(target.value)}
          onFocus={({ target }) => target.select()}
        />
      </form>
      <div className="browser-page" aria-busy={loading}>
        {loading && <div className="browser-loading" role="status" aria-label={`Loading ${address}`} />}
        {page && <Page shown={shownPage(page)} host={hostOf(page.url)} />}
        {address === '' && (
          <p className="browser-empty">
            Type an address, or let a program open one: <code>minikube service NAME</code>.
          </p>
        )}
      </div>
    </div>
  );
}

/** Undefined while it loads. */
function usePage(address: string, visit: number): FetchedPage | undefined {
  const session = useSession(({ session: found }) => found);
  const [got, setGot] = useState<{ readonly visit: number; readonly page: FetchedPage }>();
  useEffect(() => {
    if (!session || address === '') return undefined;
    let stopped = false;
    void session.fetchPage(address).then((page) => {
      if (!stopped) setGot({ visit, page });
    });
    return () => {
      stopped = true;
    };
  }, [session, address, visit]);
  return got?.visit === visit ? got.page : undefined;
}

function Page({ shown, host }: { readonly shown: ShownPage; readonly host: string }) {
  switch (shown.kind) {
    case 'document':
      return <iframe title={shown.title || `Page of ${host}`} sandbox="" srcDoc={shown.html} />;
    case 'text':
      return <textarea readOnly spellCheck={false} aria-label={`Text from ${host}`} value={shown.text} />;
    case 'failure':
      return (
        <section className="browser-failure" aria-label={shown.title}>
          <h2>{shown.title}</h2>
          <p>{shown.message}</p>
          <code>{shown.code}</code>
        </section>
      );
  }
}

function hostOf(url: string): string {
  return /^\w+:\/\/([^/]+)/.exec(url)?.[1] ?? url;
}
