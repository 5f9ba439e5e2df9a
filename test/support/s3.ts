import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';

/** A small server that speaks what Facet needs of S3, and checks every signature (AWS Signature Version 4) by itself. */
export interface TestS3 {
  readonly url: string;
  readonly bucket: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  /** Names and contents of whole objects. */
  readonly objects: Map<string, StoredObject>;
  /** Uploads in parts that were begun and not ended, by their id. */
  readonly uploads: Map<string, OpenUpload>;
  /** The next this many requests are answered with 503. */
  failures: number;
  /** Requests whose signature was wrong. */
  forged: number;
  stop(): Promise<void>;
}

export interface StoredObject {
  readonly bytes: Buffer;
  modified: Date;
}

export interface OpenUpload {
  readonly name: string;
  initiated: Date;
  readonly parts: Map<number, Buffer>;
}

const BUCKET = 'facet-test';
const ACCESS_KEY_ID = 'AKFACETTEST';
const SECRET_ACCESS_KEY = 'secret-of-the-test';
const LISTED_MAX = 3;

const sha256 = (bytes: Buffer | string): string => createHash('sha256').update(bytes).digest('hex');
const hmac = (key: Buffer | string, text: string): Buffer => createHmac('sha256', key).update(text).digest();
const escaped = (text: string): string =>
  encodeURIComponent(text).replace(/[!'()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`);

/** Works the signature out anew from what came, as the standard says, and compares. */
function isSigned(request: IncomingMessage, url: URL, body: Buffer): boolean {
  const said =
    /^AWS4-HMAC-SHA256 Credential=([^/]+)\/(\d{8})\/([^/]+)\/s3\/aws4_request, ?SignedHeaders=([^,]+), ?Signature=([0-9a-f]{64})$/.exec(
      request.headers.authorization ?? '',
    );
  if (said === null) return false;
  const [, accessKeyId = '', day = '', region = '', signedHeaders = '', signature = ''] = said;
  const declared = String(request.headers['x-amz-content-sha256'] ?? '');
  if (accessKeyId !== ACCESS_KEY_ID || (declared !== 'UNSIGNED-PAYLOAD' && declared !== sha256(body)))
    return false;
  const query = [...url.searchParams].map(([name, value]) => `${escaped(name)}=${escaped(value)}`).sort();
  const headers = signedHeaders
    .split(';')
    .map((name) => `${name}:${String(request.headers[name] ?? '').trim()}\n`);
  const canonical = [
    request.method,
    url.pathname,
    query.join('&'),
    headers.join(''),
    signedHeaders,
    declared,
  ].join('\n');
  const scope = `${day}/${region}/s3/aws4_request`;
  const toSign = ['AWS4-HMAC-SHA256', request.headers['x-amz-date'], scope, sha256(canonical)].join('\n');
  const key = [day, region, 's3', 'aws4_request'].reduce<Buffer>(
    (made, part) => hmac(made, part),
    Buffer.from(`AWS4${SECRET_ACCESS_KEY}`),
  );
  return timingSafeEqual(hmac(key, toSign), Buffer.from(signature, 'hex'));
}

function xml(response: ServerResponse, status: number, inside: string): unknown {
  response.writeHead(status, { 'content-type': 'application/xml' });
  return response.end(`<?xml version="1.0" encoding="UTF-8"?>\n${inside}`);
}

const fault = (response: ServerResponse, status: number, code: string): unknown =>
  xml(response, status, `<Error><Code>${code}</Code><Message>${code}</Message></Error>`);

const etag = (bytes: Buffer): string => `"${createHash('md5').update(bytes).digest('hex')}"`;

function list(s3: TestS3, url: URL, response: ServerResponse): unknown {
  const prefix = url.searchParams.get('prefix') ?? '';
  const after = url.searchParams.get('continuation-token') ?? '';
  const names = [...s3.objects.keys()].filter((name) => name.startsWith(prefix) && name > after).sort();
  const shown = names.slice(0, LISTED_MAX);
  const contents = shown.map((name) => {
    const modified = s3.objects.get(name)?.modified.toISOString();
    return `<Contents><Key>${name}</Key><LastModified>${modified}</LastModified></Contents>`;
  });
  const isCut = names.length > shown.length;
  const next = isCut ? `<NextContinuationToken>${shown.at(-1)}</NextContinuationToken>` : '';
  return xml(
    response,
    200,
    `<ListBucketResult><IsTruncated>${isCut}</IsTruncated>${next}${contents.join('')}</ListBucketResult>`,
  );
}

function listUploads(s3: TestS3, response: ServerResponse): unknown {
  const uploads = [...s3.uploads].map(
    ([id, { name, initiated }]) =>
      `<Upload><Key>${name}</Key><UploadId>${id}</UploadId><Initiated>${initiated.toISOString()}</Initiated></Upload>`,
  );
  return xml(response, 200, `<ListMultipartUploadsResult>${uploads.join('')}</ListMultipartUploadsResult>`);
}

function put(s3: TestS3, url: URL, name: string, body: Buffer, response: ServerResponse): unknown {
  const upload = s3.uploads.get(url.searchParams.get('uploadId') ?? '');
  const part = url.searchParams.get('partNumber');
  if (part !== null && upload === undefined) return fault(response, 404, 'NoSuchUpload');
  if (part !== null) upload?.parts.set(Number(part), body);
  else s3.objects.set(name, { bytes: body, modified: new Date() });
  return response.writeHead(200, { etag: etag(body) }).end();
}

function post(s3: TestS3, url: URL, name: string, response: ServerResponse): unknown {
  if (url.searchParams.has('uploads')) {
    const id = `upload-${s3.uploads.size + 1}-${sha256(name).slice(0, 8)}`;
    s3.uploads.set(id, { name, initiated: new Date(), parts: new Map() });
    const words = `<Bucket>${BUCKET}</Bucket><Key>${name}</Key><UploadId>${id}</UploadId>`;
    return xml(response, 200, `<InitiateMultipartUploadResult>${words}</InitiateMultipartUploadResult>`);
  }
  const id = url.searchParams.get('uploadId') ?? '';
  const upload = s3.uploads.get(id);
  if (upload === undefined) return fault(response, 404, 'NoSuchUpload');
  const bytes = Buffer.concat([...upload.parts].sort(([a], [b]) => a - b).map(([, part]) => part));
  s3.uploads.delete(id);
  s3.objects.set(name, { bytes, modified: new Date() });
  const words = `<Bucket>${BUCKET}</Bucket><Key>${name}</Key><ETag>${etag(bytes)}</ETag>`;
  return xml(response, 200, `<CompleteMultipartUploadResult>${words}</CompleteMultipartUploadResult>`);
}

function remove(s3: TestS3, url: URL, name: string, response: ServerResponse): unknown {
  const id = url.searchParams.get('uploadId');
  if (id === null) s3.objects.delete(name);
  else s3.uploads.delete(id);
  return response.writeHead(204).end();
}

function get(s3: TestS3, url: URL, name: string, response: ServerResponse): unknown {
  if (name === '')
    return url.searchParams.has('uploads') ? listUploads(s3, response) : list(s3, url, response);
  const found = s3.objects.get(name);
  if (found === undefined) return fault(response, 404, 'NoSuchKey');
  response.writeHead(200, { 'content-length': found.bytes.length, etag: etag(found.bytes) });
  return response.end(found.bytes);
}

async function answer(s3: TestS3, request: IncomingMessage, response: ServerResponse): Promise<unknown> {
  const url = new URL(request.url ?? '/', s3.url);
  const body = await buffer(request);
  if (s3.failures > 0) {
    s3.failures -= 1;
    return fault(response, 503, 'SlowDown');
  }
  if (!isSigned(request, url, body)) {
    s3.forged += 1;
    return fault(response, 403, 'SignatureDoesNotMatch');
  }
  const [, bucket = '', ...rest] = url.pathname.split('/');
  if (bucket !== BUCKET) return fault(response, 404, 'NoSuchBucket');
  const name = rest.join('/');
  if (request.method === 'GET') return get(s3, url, name, response);
  if (request.method === 'PUT') return put(s3, url, name, body, response);
  if (request.method === 'POST') return post(s3, url, name, response);
  if (request.method === 'DELETE') return remove(s3, url, name, response);
  return fault(response, 405, 'MethodNotAllowed');
}

/** On a free port of 127.0.0.1; it keeps everything in memory. */
export async function startS3(): Promise<TestS3> {
  const server = createServer((request, response) => {
    answer(s3, request, response).catch(() => response.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const s3: TestS3 = {
    url: `http://127.0.0.1:${port}`,
    bucket: BUCKET,
    accessKeyId: ACCESS_KEY_ID,
    secretAccessKey: SECRET_ACCESS_KEY,
    objects: new Map(),
    uploads: new Map(),
    failures: 0,
    forged: 0,
    stop: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
  return s3;
}
