// The frame: header, panes with seams between them, and on a phone one pane at a time.
import { useEffect } from 'react';
import { followCluster } from '../state/cluster-store.ts';
import { learnerFiles } from '../state/editor-store.ts';
import { embedding } from '../state/embedding.ts';
import { useSession } from '../state/session-store.ts';
import { useView } from '../state/view-store.ts';
import { Header } from './header.tsx';
import { Help } from './help.tsx';
import { Palette } from './palette.tsx';
import { PhoneLayout } from './phone-layout.tsx';
import { Share } from './share.tsx';
import { useShortcuts } from './shortcuts.ts';
import { useMedia } from './use-media.ts';
import { WideLayout } from './wide-layout.tsx';

export function App() {
  const session = useSession(({ session: found }) => found);
  const fault = useSession((state) => state.fault);
  const overlay = useView((view) => view.overlay);
  const phone = useMedia('(max-width: 767px)');
  useShortcuts();
  useEffect(() => {
    if (!session) return;
    learnerFiles(); // from now on a program that asks for the editor is heard
    const stops = [followCluster(session.kube)];
    void import('../editor/kept-documents.ts').then(({ keepDocuments }) => stops.push(keepDocuments()));
    return () => {
      for (const stop of stops) stop();
    };
  }, [session]);
  return (
    <div className="app">
      {!embedding && <Header />}
      {fault && (
        <p className="fault" role="alert">
          A part of the simulation has failed; what you see may be wrong. Reload the page to start anew.{' '}
          <code>{fault.split('\n')[0]}</code>
        </p>
      )}
      {phone ? <PhoneLayout /> : <WideLayout />}
      {overlay === 'help' && <Help />}
      {overlay === 'palette' && <Palette />}
      {overlay === 'share' && <Share />}
    </div>
  );
}
