// The dashboard's place in the frame: beside the diagram, once `minikube dashboard` or the palette has opened it.
import { loaded } from '../frame/loaded.tsx';
import type { Slot } from '../frame/slot.ts';
import { useView } from '../state/view-store.ts';

export const dashboardSlot: Slot = {
  id: 'dashboard',
  title: 'Dashboard',
  place: 'stage',
  icon: 'dashboard',
  view: loaded(() => import('./dashboard-pane.tsx')),
  actions: () => [
    {
      id: 'open-dashboard',
      label: 'Open the dashboard',
      hint: 'Pane',
      run: () => useView.getState().openPane('dashboard'),
    },
  ],
};
