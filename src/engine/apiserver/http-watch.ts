// Watches over HTTP: an event a line in JSON, a frame each in protobuf.
import type { ApiRequest } from '../../api/request.ts';
import type { Stop } from '../sim/scope.ts';
import type { ApiCore } from './api-core.ts';
import type { ColumnTexts } from './column-texts.ts';
import { contentType, encodeEvent } from './encode-answer.ts';
import { type Exchange, headersOf } from './exchange.ts';
import type { AnswerType } from './media-types.ts';
import { presented } from './presentation.ts';
import type { ServedResource } from './served-resource.ts';

export interface WatchedResource {
  readonly resource: ServedResource;
  readonly type: AnswerType;
  readonly nowMs: () => number;
  readonly texts: ColumnTexts;
}

export function serveWatch(
  api: Pick<ApiCore, 'openWatch'>,
  exchange: Exchange,
  call: ApiRequest,
  { resource, type: answer, nowMs, texts }: WatchedResource,
): Stop {
  const { sink, target } = exchange;
  const isTable = answer.form?.kind === 'Table';
  let started = false;
  let first = true;
  const start = (): void => {
    if (started) return;
    started = true;
    sink.head(200, headersOf(exchange, contentType(answer, true)));
  };
  return api.openWatch(call, {
    events(events) {
      start();
      for (const { type, object } of events) {
        const plain = type === 'ERROR' || (type === 'BOOKMARK' && !isTable);
        const options = { type: answer, target, nowMs: nowMs(), withoutColumns: !first, texts };
        const shown = plain ? object : presented(resource, object, options);
        if (!plain) first = false;
        sink.body(encodeEvent(answer, { type, object: shown }));
      }
    },
    closed() {
      start();
      sink.end();
    },
    opened: start,
  });
}
