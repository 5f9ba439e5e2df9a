import { Inject, Injectable, Logger, type OnModuleInit } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { Config } from '../config/index.js';
import { Clock } from '../time/index.js';
import { addressOf } from './address.js';
import { type PublicForm, PublicForms } from './public-form.js';
import { StandingAdvice } from './public-form-advice.js';
import {
  answerForm,
  answerOrigin,
  answerPreflight,
  type DoorRefusal,
  isOriginAllowed,
  isReadable,
  prefersPage,
  refuse,
  send,
} from './public-form-answer.js';
import { mediaTypeOf } from './public-form-body.js';
import { formPage } from './public-form-page.js';
import { readForm, TRAP_FIELD } from './public-form-reader.js';
import { newNonce, signToken } from './public-form-token.js';
import { TokenBuckets } from './token-buckets.js';

/** The longest story in a script whose letters take nine bytes each when they are form-encoded: with every other field, some 50 KiB. */
export const FORM_BYTES_MAX = 64 * 1024;
/** A family at one address, and the one who corrects a mistake; then one every five seconds. */
const SENT_BURST_REQUESTS = 10;
const SENT_PER_SECOND = 0.2;
/** A page that is opened and opened again. */
const SHOWN_BURST_REQUESTS = 60;
const SHOWN_PER_SECOND = 1;
/** About 1 MB each; whoever commands more addresses than this is the proxy's business. */
const ADDRESSES_MAX = 10_000;

const TOO_LARGE: DoorRefusal = {
  ...{ status: 413, code: 'TOO_LARGE' },
  message: 'The form is too long. Please write less.',
};
const UNREADABLE: DoorRefusal = {
  ...{ status: 400, code: 'BAD_INPUT' },
  message: 'The form cannot be read. Please open it again and send it once more.',
};
const WRITTEN_OTHERWISE: DoorRefusal = {
  ...{ status: 415, code: 'UNREADABLE' },
  message: 'Send the form as application/json or form-encoded, in UTF-8.',
};
const ORIGIN_NOT_ALLOWED: DoorRefusal = {
  ...{ status: 403, code: 'ORIGIN_NOT_ALLOWED' },
  message: 'This website may not use this form.',
};
const NOT_SHOWN: DoorRefusal = {
  ...{ status: 503, code: 'TRY_AGAIN' },
  message: 'The form cannot be shown at the moment. Please ring us.',
};
const OUR_FAULT: DoorRefusal = {
  ...{ status: 503, code: 'TRY_AGAIN' },
  message: 'Something went wrong on our side. Please send it again, or ring us.',
};

const OTHER_METHODS = ['PUT', 'PATCH', 'DELETE'] as const;

/**
 * The HTTP side of the public forms, in a part of the server of its own: its own parser, whose limit is far below the
 * API's, its own errors, which repeat nothing, and its checks before a byte of a body is read.
 */
@Injectable()
export class PublicFormDoor implements OnModuleInit {
  readonly #log = new Logger('public forms');
  readonly #sent = new TokenBuckets({
    burstRequests: SENT_BURST_REQUESTS,
    requestsPerSecond: SENT_PER_SECOND,
    addressesMax: ADDRESSES_MAX,
  });
  readonly #shown = new TokenBuckets({
    burstRequests: SHOWN_BURST_REQUESTS,
    requestsPerSecond: SHOWN_PER_SECOND,
    addressesMax: ADDRESSES_MAX,
  });

  constructor(
    @Inject(PublicForms) private readonly forms: PublicForms,
    @Inject(HttpAdapterHost) private readonly host: HttpAdapterHost,
    @Inject(Clock) private readonly clock: Clock,
    @Inject(Config) private readonly config: Config,
  ) {}

  /** Rooms register when they are built; by now all have. Processes that answer nobody have no such door. */
  onModuleInit(): void {
    if (!this.config.roles.has('api')) return;
    const server = this.host.httpAdapter.getInstance<FastifyInstance>();
    for (const form of this.forms.all()) {
      server.register(async (part: FastifyInstance) => this.#open(part, form));
    }
  }

  #open(part: FastifyInstance, form: PublicForm): void {
    const advice = new StandingAdvice(() => form.standingAdvice(), this.clock);
    const refuseWith: Refuse = async (request, reply, refusal) =>
      refuse(request, reply, refusal, await advice.words());
    part.removeAllContentTypeParsers();
    part.addContentTypeParser('*', { parseAs: 'buffer', bodyLimit: FORM_BYTES_MAX }, (_, body, done) => {
      done(null, body);
    });
    part.setErrorHandler((error: FastifyError, request, reply) =>
      refuseWith(request, reply, this.#faultOf(error, reply)),
    );
    const sent = this.#guard(form, this.#sent, refuseWith);
    const shown = this.#guard(form, this.#shown, refuseWith);
    part.get(form.shownAt, { onRequest: shown }, (request, reply) =>
      this.#show(form, request, reply, refuseWith),
    );
    part.post(form.sentTo, { onRequest: [sent, checkWriting(refuseWith)] }, (request, reply) =>
      this.#take(form, request, reply, refuseWith),
    );
    for (const [path, method] of [
      [form.shownAt, 'GET'],
      [form.sentTo, 'POST'],
    ] as const) {
      part.options(path, { onRequest: shown }, (_, reply) => answerPreflight(reply, method));
      part.route({
        method: [...OTHER_METHODS, method === 'GET' ? 'POST' : 'GET'],
        url: path,
        onRequest: refuseMethod(method, refuseWith),
        handler: () => undefined,
      });
    }
  }

  /** Before anything is read: how often this address comes, and whose page sends it. */
  #guard(form: PublicForm, buckets: TokenBuckets, refuseWith: Refuse) {
    return (request: FastifyRequest, reply: FastifyReply, next: Next): void => {
      reply
        .header('cache-control', 'no-store')
        .header('x-content-type-options', 'nosniff')
        .header('referrer-policy', 'no-referrer')
        .header('vary', 'Origin, Accept');
      const waitSeconds = buckets.take(addressOf(request) ?? '', this.clock.nowMs());
      const { origin } = request.headers;
      if (!isOriginAllowed(origin, request.host, form.origins)) {
        reply.header('connection', 'close');
        refuseWith(request, reply, ORIGIN_NOT_ALLOWED).catch(next);
        return;
      }
      answerOrigin(reply, origin, form.origins);
      if (waitSeconds === 0) {
        next();
        return;
      }
      reply.header('retry-after', String(waitSeconds)).header('connection', 'close');
      refuseWith(request, reply, {
        ...{ status: 429, code: 'TOO_MANY_REQUESTS' },
        message: `Too many forms came from here in a short time. Please wait ${waitSeconds} seconds and send it again.`,
      }).catch(next);
    };
  }

  async #show(
    form: PublicForm,
    request: FastifyRequest,
    reply: FastifyReply,
    refuseWith: Refuse,
  ): Promise<void> {
    const shown = await form.show();
    if (shown === null) {
      reply.header('retry-after', '60');
      return refuseWith(request, reply, NOT_SHOWN);
    }
    const token = signToken(await form.secret(), {
      form: form.name,
      nonce: newNonce(),
      shownAtMs: this.clock.nowMs(),
      facts: shown.facts,
    });
    if (prefersPage(request.headers.accept)) {
      // Of a page that tells nobody where it was, browsers send the form with `Origin: null`, which the guard refuses.
      reply.header('referrer-policy', 'same-origin');
      return send(reply, 200, formPage(shown.page, form.sentTo, { token }, TRAP_FIELD), form.origins);
    }
    return send(reply, 200, { token, sentTo: form.sentTo, leaveEmpty: TRAP_FIELD, ...shown.body });
  }

  async #take(
    form: PublicForm,
    request: FastifyRequest,
    reply: FastifyReply,
    refuseWith: Refuse,
  ): Promise<void> {
    const type = mediaTypeOf(request.headers['content-type']);
    const bytes = request.body;
    const arrival = {
      nowMs: this.clock.nowMs(),
      address: addressOf(request),
      userAgent: request.headers['user-agent'],
    };
    const sent =
      type === null || !(bytes instanceof Uint8Array)
        ? null
        : readForm(form, bytes, type, await form.secret(), arrival);
    if (sent === null) return refuseWith(request, reply, UNREADABLE);
    answerForm(request, reply, form, await form.take(sent));
  }

  #faultOf(error: FastifyError, reply: FastifyReply): DoorRefusal {
    reply.header('connection', 'close');
    const status = error.statusCode ?? 500;
    if (status < 500) return status === 413 ? TOO_LARGE : UNREADABLE;
    this.#log.error('a public form could not be answered', error);
    reply.header('retry-after', '10');
    return OUR_FAULT;
  }
}

type Refuse = (request: FastifyRequest, reply: FastifyReply, refusal: DoorRefusal) => Promise<void>;

/** Called by a check that passes, or that could not even refuse: of what it has refused nothing more is read. */
type Next = (error?: Error) => void;

function checkWriting(refuseWith: Refuse) {
  return (request: FastifyRequest, reply: FastifyReply, next: Next): void => {
    if (isReadable(request)) {
      next();
      return;
    }
    reply.header('connection', 'close');
    refuseWith(request, reply, WRITTEN_OTHERWISE).catch(next);
  };
}

function refuseMethod(method: string, refuseWith: Refuse) {
  return (request: FastifyRequest, reply: FastifyReply, next: Next): void => {
    reply
      .header('allow', `${method}, OPTIONS`)
      .header('connection', 'close')
      .header('cache-control', 'no-store');
    const message = `This address answers ${method} only.`;
    refuseWith(request, reply, { status: 405, code: 'METHOD_NOT_ALLOWED', message }).catch(next);
  };
}
