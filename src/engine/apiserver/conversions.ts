// Resources that are served in more than one version: how each version's objects become the stored ones and back.
import type { CoreEvent, Event } from '../../api/generated/types.ts';
import type { StoredObject } from '../../kinds/kind.ts';
import { remember } from '../../kinds/share.ts';
import { autoscalerConversion } from './autoscaler-conversion.ts';
import type { Conversion } from './conversion.ts';

/** events.k8s.io shows the core group's events in newer words. */
const events: Conversion = {
  fromStored: remember((stored: StoredObject): StoredObject => {
    const event = stored as CoreEvent; // edge: an object of the events resource
    const { involvedObject, message, source, firstTimestamp, lastTimestamp, count, ...rest } = event;
    const { reportingComponent, ...kept } = rest;
    return {
      ...kept,
      apiVersion: 'events.k8s.io/v1',
      ...(reportingComponent ? { reportingController: reportingComponent } : {}),
      regarding: involvedObject,
      ...(message ? { note: message } : {}),
      ...(source && { deprecatedSource: source }),
      ...(firstTimestamp && { deprecatedFirstTimestamp: firstTimestamp }),
      ...(lastTimestamp && { deprecatedLastTimestamp: lastTimestamp }),
      ...(count ? { deprecatedCount: count } : {}),
    } as StoredObject; // edge: an events.k8s.io Event
  }),
  toStored(object) {
    const event = object as Event; // edge: an object of the events.k8s.io resource
    const { regarding, note, deprecatedSource, deprecatedFirstTimestamp, deprecatedLastTimestamp, ...rest } = event;
    const { deprecatedCount, reportingController, ...kept } = rest;
    return {
      ...kept,
      apiVersion: 'v1',
      involvedObject: regarding ?? {},
      ...(note ? { message: note } : {}),
      source: deprecatedSource ?? {},
      ...(deprecatedFirstTimestamp && { firstTimestamp: deprecatedFirstTimestamp }),
      ...(deprecatedLastTimestamp && { lastTimestamp: deprecatedLastTimestamp }),
      ...(deprecatedCount ? { count: deprecatedCount } : {}),
      reportingComponent: reportingController ?? '',
    } as StoredObject; // edge: a core Event
  },
};

interface Converted {
  /** Names the place that the versions share. */
  readonly storage: string;
  /** The version that is stored. */
  readonly storedAs: string;
  readonly conversion: Conversion;
}

/** By GROUP/VERSION/RESOURCE. */
export const conversions: Readonly<Record<string, Converted>> = {
  'autoscaling/v1/horizontalpodautoscalers': {
    storage: 'autoscaling/horizontalpodautoscalers',
    storedAs: 'autoscaling/v2',
    conversion: autoscalerConversion,
  },
  'events.k8s.io/v1/events': { storage: '/events', storedAs: 'v1', conversion: events },
};
