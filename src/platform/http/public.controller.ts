import { createHash } from 'node:crypto';
import { Controller, Get, Inject, Logger, Param, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Config } from '../config/index.js';
import { Clock } from '../time/index.js';
import { addressOf } from './address.js';
import { AnswerCache } from './answer-cache.js';
import { PublicDoors } from './public-doors.js';
import { TokenBuckets } from './token-buckets.js';

/** How old a public answer may be. A website need not be quicker; a burst of visitors costs one look. */
export const PUBLIC_ANSWER_KEPT_MS = 5 * 60_000;
/** More than the things that a clinic could ever make public. */
const PUBLIC_ANSWERS_MAX = 500;
/** A page that shows every kind of visit, opened a few times, by one household or by the clinic's own web server. */
const PUBLIC_BURST_REQUESTS = 60;
const PUBLIC_REQUESTS_PER_SECOND = 1;
/** About 1 MB; whoever commands more addresses than this is the proxy's business. */
const PUBLIC_ADDRESSES_MAX = 10_000;
const MS_PER_SECOND = 1_000;
/** When something of ours failed: soon, but not at once. */
const TRY_AGAIN_SECONDS = 10;

const STATUS = { notModified: 304, notFound: 404, tooMany: 429, unavailable: 503 } as const;

interface Body {
  readonly text: string;
  readonly etag: string;
}

/** What anybody may ask without a session. Reads only, shared between callers, and never about a person. */
@Controller('public')
export class PublicController {
  readonly #log = new Logger('public');
  readonly #buckets = new TokenBuckets({
    burstRequests: PUBLIC_BURST_REQUESTS,
    requestsPerSecond: PUBLIC_REQUESTS_PER_SECOND,
    addressesMax: PUBLIC_ADDRESSES_MAX,
  });
  readonly #answers: AnswerCache<Body>;

  constructor(
    @Inject(PublicDoors) private readonly doors: PublicDoors,
    @Inject(Clock) private readonly clock: Clock,
    @Inject(Config) private readonly config: Config,
  ) {
    this.#answers = new AnswerCache(() => clock.nowMs(), {
      keptForMs: PUBLIC_ANSWER_KEPT_MS,
      answersMax: PUBLIC_ANSWERS_MAX,
    });
  }

  @Get(':door/:subject')
  async ask(
    @Param('door') name: string,
    @Param('subject') subject: string,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    // Any website may show the answer, without the visitor's cookies, of which we have none.
    reply.header('access-control-allow-origin', '*').header('x-content-type-options', 'nosniff');
    const waitSeconds = this.#buckets.take(addressOf(request) ?? '', this.clock.nowMs());
    if (waitSeconds > 0) return refuse(reply, STATUS.tooMany, 'TOO_MANY_REQUESTS', waitSeconds);
    const door = this.config.roles.has('api') ? this.doors.doorFor(name, subject) : null;
    if (door === null) return refuse(reply, STATUS.notFound, 'NOT_FOUND');
    try {
      const kept = await this.#answers.answerOf(`${name}/${subject}`, async () =>
        toBody(await door.answer(subject)),
      );
      if (kept === null) return refuse(reply, STATUS.notFound, 'NOT_FOUND');
      this.#send(request, reply, kept.answer, kept.freshUntilMs);
    } catch (error) {
      this.#log.error('a public door could not answer', error);
      refuse(reply, STATUS.unavailable, 'TRY_AGAIN', TRY_AGAIN_SECONDS);
    }
  }

  #send(request: FastifyRequest, reply: FastifyReply, body: Body, freshUntilMs: number): void {
    const freshSeconds = Math.max(0, Math.floor((freshUntilMs - this.clock.nowMs()) / MS_PER_SECOND));
    reply.header('etag', body.etag).header('cache-control', `public, max-age=${freshSeconds}`);
    if (isKnown(request.headers['if-none-match'], body.etag)) {
      void reply.code(STATUS.notModified).send();
      return;
    }
    void reply.header('content-type', 'application/json; charset=utf-8').send(body.text);
  }
}

function toBody(answer: object | null): Body | null {
  if (answer === null) return null;
  const text = JSON.stringify(answer);
  return { text, etag: `"${createHash('sha256').update(text).digest('base64url')}"` };
}

/** RFC 9110 §13.1.2: a list of tags, weak or strong, or `*`. */
function isKnown(ifNoneMatch: string | undefined, etag: string): boolean {
  const tags = (ifNoneMatch ?? '').split(',').map((tag) => tag.trim().replace(/^W\//, ''));
  return tags.includes(etag) || tags.includes('*');
}

function refuse(reply: FastifyReply, status: number, code: string, retryAfterSeconds?: number): void {
  if (retryAfterSeconds !== undefined) reply.header('retry-after', String(retryAfterSeconds));
  void reply.code(status).header('cache-control', 'no-store').send({ code });
}
