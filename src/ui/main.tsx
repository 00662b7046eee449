// The page's entry: starts the cluster in its worker at once, then draws the frame around it.
import { createRoot } from 'react-dom/client';
import { App } from './frame/app.tsx';
import { chosenLesson, worldOf } from './lesson/chosen-lesson.ts';
import { embedding } from './state/embedding.ts';
import { startWorld } from './state/session-store.ts';
import { useView } from './state/view-store.ts';
import { chooseWorld } from './state/world.ts';
import './theme/tokens.css';
import './theme/fonts.css';
import './frame/frame.css';
import './frame/panes.css';
import './frame/dialogs.css';

const lesson = chosenLesson();
if (lesson && !embedding) useView.getState().openPane('lesson');
const profile = new URLSearchParams(location.search).get('profile') ?? '3-node';
startWorld(chooseWorld(lesson?.id, lesson ? worldOf(lesson) : { profile }));

document.documentElement.dataset.theme = useView.getState().theme;
const place = document.getElementById('page');
if (place) createRoot(place).render(<App />);
if (embedding?.origin !== undefined) void import('./embed/host-link.ts').then(({ openHostLink }) => openHostLink());
