import { Controller, Get, Inject, Query, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Config } from '../../platform/config/index.js';
import { addressOf } from '../../platform/http/address.js';
import { escaped } from '../../platform/http/public-form-page.js';
import { TokenBuckets } from '../../platform/http/token-buckets.js';
import { Clock } from '../../platform/time/index.js';
import type { ConsentWording } from '../consent/consent.type.js';
import { PrivacyNoticeService } from './privacy-notice.service.js';

/** A page that is opened and opened again. */
const BURST_REQUESTS = 60;
const REQUESTS_PER_SECOND = 1;
const ADDRESSES_MAX = 10_000;
/** A new notice is on the website within this time. */
const KEPT_SECONDS = 300;

const STATUS = { ok: 200, notModified: 304, notFound: 404, tooMany: 429 } as const;
const KINDS = ['application/json', 'text/html', 'text/plain'] as const;
type Kind = (typeof KINDS)[number];

/** The text of the privacy notice, with its version and its SHA-256, for anybody. */
@Controller('privacy-notice')
export class PrivacyNoticeController {
  readonly #buckets = new TokenBuckets({
    burstRequests: BURST_REQUESTS,
    requestsPerSecond: REQUESTS_PER_SECOND,
    addressesMax: ADDRESSES_MAX,
  });

  constructor(
    @Inject(PrivacyNoticeService) private readonly notices: PrivacyNoticeService,
    @Inject(Clock) private readonly clock: Clock,
    @Inject(Config) private readonly config: Config,
  ) {}

  /** The one in force, or that of `?version=`; `?locale=` for another language. JSON, HTML or plain text, by Accept. */
  @Get()
  async notice(
    @Query('version') version: unknown,
    @Query('locale') locale: unknown,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    reply
      .header('access-control-allow-origin', '*')
      .header('x-content-type-options', 'nosniff')
      .header('content-security-policy', "default-src 'none'")
      .header('vary', 'Accept');
    const waitSeconds = this.#buckets.take(addressOf(request) ?? '', this.clock.nowMs());
    if (waitSeconds > 0) {
      reply.header('retry-after', String(waitSeconds));
      return refuse(reply, STATUS.tooMany, 'TOO_MANY_REQUESTS');
    }
    const isAsked = isTextOrNone(version) && isTextOrNone(locale) && this.config.roles.has('api');
    const notice = isAsked ? await this.notices.notice(version ?? null, locale) : null;
    if (notice === null) return refuse(reply, STATUS.notFound, 'NOT_FOUND');
    const kind = kindOf(request.headers.accept ?? '');
    const etag = `"${notice.sha256}-${KINDS.indexOf(kind)}${notice.inForce ? 'f' : ''}"`;
    reply.header('etag', etag).header('cache-control', `public, max-age=${KEPT_SECONDS}`);
    if (knows(request.headers['if-none-match'] ?? '', etag))
      return void reply.code(STATUS.notModified).send();
    void reply.code(STATUS.ok).type(`${kind}; charset=utf-8`).send(bodyOf(notice, kind));
  }
}

function isTextOrNone(value: unknown): value is string | undefined {
  return value === undefined || typeof value === 'string';
}

/** The first kind that the header names; JSON when it names none. */
function kindOf(accept: string): Kind {
  const named = accept.split(',').map((range) => range.split(';')[0]?.trim().toLowerCase());
  return KINDS.find((kind) => kind === named.find((one) => KINDS.some((known) => known === one))) ?? KINDS[0];
}

/** RFC 9110 §13.1.2: a list of tags, weak or strong, or `*`. */
function knows(ifNoneMatch: string, etag: string): boolean {
  const tags = ifNoneMatch.split(',').map((tag) => tag.trim().replace(/^W\//, ''));
  return tags.includes(etag) || tags.includes('*');
}

function bodyOf(
  { version, locale, text, sha256, effectiveFrom, inForce }: ConsentWording,
  kind: Kind,
): string {
  switch (kind) {
    case 'application/json':
      return JSON.stringify({
        version,
        locale,
        text,
        sha256,
        effectiveFrom: effectiveFrom.toString(),
        inForce,
      });
    case 'text/plain':
      return text;
    case 'text/html':
      return (
        `<!doctype html>\n<html lang="${escaped(locale)}"><head><meta charset="utf-8">` +
        '<meta name="viewport" content="width=device-width, initial-scale=1"><title>Privacy notice</title></head>\n' +
        `<body><main><h1>Privacy notice</h1>\n${paragraphsOf(text)}<p>Version ${escaped(version)}. SHA-256 of the text: ` +
        `${escaped(sha256)}</p></main></body></html>\n`
      );
  }
}

function paragraphsOf(text: string): string {
  return text
    .split(/\n{2,}/)
    .map((paragraph) => `<p>${escaped(paragraph)}</p>\n`)
    .join('');
}

function refuse(reply: FastifyReply, status: number, code: string): void {
  void reply.code(status).header('cache-control', 'no-store').send({ code });
}
