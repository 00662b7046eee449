// SPDY/3's headers: name-value pairs, compressed with a dictionary in one stream for each direction of a connection.
import { constants, createDeflate, createInflate, type Deflate, type Inflate } from 'node:zlib';

export type SpdyHeaders = ReadonlyMap<string, string>;

/** Reads the header blocks of one direction; they must be given in the order in which they came, one at a time. */
export class HeaderReader {
  private readonly inflate: Inflate = createInflate({ dictionary: spdyDictionary });
  private readonly output = collected(this.inflate);

  async read(block: Buffer): Promise<SpdyHeaders> {
    return parsePairs(await pushed(this.inflate, block, this.output));
  }
}

export class HeaderWriter {
  private readonly deflate: Deflate = createDeflate({ dictionary: spdyDictionary, flush: constants.Z_SYNC_FLUSH });
  private readonly output = collected(this.deflate);

  /** The block of no headers at all: that is all that a reply to a stream needs. */
  writeNone(): Promise<Buffer> {
    return pushed(this.deflate, Buffer.alloc(4), this.output);
  }
}

function collected(stream: Inflate | Deflate): Buffer[] {
  const pieces: Buffer[] = [];
  stream.on('data', (piece: Buffer) => pieces.push(piece));
  return pieces;
}

/** Sends bytes through a stream of zlib; resolves with what came out of it. */
async function pushed(stream: Inflate | Deflate, bytes: Buffer, output: Buffer[]): Promise<Buffer> {
  await new Promise<void>((resolve, reject) => {
    stream.once('error', reject);
    stream.write(bytes, () =>
      stream.flush(constants.Z_SYNC_FLUSH, () => {
        stream.off('error', reject);
        resolve();
      }),
    );
  });
  return Buffer.concat(output.splice(0));
}

const pairsMax = 100;

function parsePairs(bytes: Buffer): SpdyHeaders {
  const headers = new Map<string, string>();
  const count = Math.min(bytes.length < 4 ? 0 : bytes.readUInt32BE(0), pairsMax);
  let at = 4;
  const text = (): string => {
    if (at + 4 > bytes.length) throw new Error('SPDY header block ends too early');
    const length = bytes.readUInt32BE(at);
    at += 4 + length;
    if (at > bytes.length) throw new Error('SPDY header block ends too early');
    return bytes.toString('utf8', at - length, at);
  };
  for (let i = 0; i < count; i++) headers.set(text().toLowerCase(), text());
  return headers;
}

/** What both sides know before anything was sent (SPDY/3, 2.6.10.1): words with their lengths, then plain text. */
const words = [
  'options head post put delete trace accept accept-charset accept-encoding accept-language accept-ranges age allow',
  'authorization cache-control connection content-base content-encoding content-language content-length',
  'content-location content-md5 content-range content-type date etag expect expires from host if-match',
  'if-modified-since if-none-match if-range if-unmodified-since last-modified location max-forwards pragma',
  'proxy-authenticate proxy-authorization range referer retry-after server te trailer transfer-encoding upgrade',
  'user-agent vary via warning www-authenticate method get status 200_OK version HTTP/1.1 url public set-cookie',
  'keep-alive origin',
];
const text = [
  '100101201202205206300302303304305306307402405406407408409410411412413414415416417502504505',
  '203 Non-Authoritative Information204 No Content301 Moved Permanently400 Bad Request401 Unauthorized',
  '403 Forbidden404 Not Found500 Internal Server Error501 Not Implemented503 Service Unavailable',
  'Jan Feb Mar Apr May Jun Jul Aug Sept Oct Nov Dec 00:00:00 Mon, Tue, Wed, Thu, Fri, Sat, Sun, GMT',
  'chunked,text/html,image/png,image/jpg,image/gif,application/xml,application/xhtml+xml,text/plain,',
  'text/javascript,publicprivatemax-age=gzip,deflate,sdchcharset=utf-8charset=iso-8859-1,utf-,*,enq=0.',
];

function dictionary(): Buffer {
  const pieces = words
    .join(' ')
    .split(' ')
    .map((word) => {
      const bytes = Buffer.from(word.replace('_', ' '));
      const length = Buffer.alloc(4);
      length.writeUInt32BE(bytes.length);
      return Buffer.concat([length, bytes]);
    });
  return Buffer.concat([...pieces, Buffer.from(text.join(''))]);
}

const spdyDictionary = dictionary();
