// LimitRanges: what pods of a namespace may and, left to themselves, do ask for.
import type { LimitRange, LimitRangeItem } from '../api/generated/types.ts';
import { createdAtColumns } from './columns.ts';
import { defineKind } from './kind.ts';
import { change, changeAll, fill } from './share.ts';

/** What the server knows about LimitRanges. */
export const limitRange = defineKind<LimitRange>({
  group: '',
  kind: 'LimitRange',
  createOnUpdate: true,
  defaults: (range) => change(range, 'spec', (spec) => change(spec, 'limits', (limits) => changeAll(limits, complete))),
  prepareForCreate: (range) => {
    const { metadata } = range;
    return metadata?.name ? range : { ...range, metadata: { ...metadata, name: metadata?.uid ?? '' } };
  },
  columns: createdAtColumns,
});

/** For containers: a default is the most there may be, a default request is the default, or else the least. */
function complete(item: LimitRangeItem): LimitRangeItem {
  if (item.type !== 'Container') return item;
  const limits = { ...item.max, ...item.default };
  const withDefault = Object.keys(limits).length > 0 ? { ...item, default: fill(item.default ?? {}, limits) } : item;
  const requests = { ...item.min, ...limits, ...item.defaultRequest };
  if (Object.keys(requests).length === 0) return withDefault;
  return { ...withDefault, defaultRequest: fill(item.defaultRequest ?? {}, requests) };
}
