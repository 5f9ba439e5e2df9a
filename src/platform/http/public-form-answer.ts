import type { FastifyReply, FastifyRequest } from 'fastify';
import type { FormAnswer, PublicForm } from './public-form.js';
import { mediaTypeOf } from './public-form-body.js';
import { refusedPage, takenPage } from './public-form-page.js';

/** A browser need not ask again for each form of a visit. */
const PREFLIGHT_KEPT_SECONDS = 600;
const NOT_SENT = 'Your form was not sent';
const SENT = 'Thank you';

/** Whether a page of this origin may use the form: one of the clinic's websites, or our own page. Programs name none. */
export function isOriginAllowed(
  origin: string | undefined,
  host: string,
  origins: readonly string[],
): boolean {
  if (origin === undefined || origins.includes(origin)) return true;
  return URL.canParse(origin) && new URL(origin).host === host.toLowerCase();
}

/** Says so to the browser, with our own list's word and never the request's; and never with cookies. */
export function answerOrigin(
  reply: FastifyReply,
  origin: string | undefined,
  origins: readonly string[],
): void {
  const allowed = origins.find((one) => one === origin);
  if (allowed !== undefined) reply.header('access-control-allow-origin', allowed);
}

export function answerPreflight(reply: FastifyReply, method: 'GET' | 'POST'): void {
  void reply
    .code(204)
    .header('access-control-allow-methods', method)
    .header('access-control-allow-headers', 'content-type')
    .header('access-control-max-age', String(PREFLIGHT_KEPT_SECONDS))
    .send();
}

/** A browser that shows a page, and not a program that wants data: `text/html` stands first or weighs more. */
export function prefersPage(accept: string | undefined): boolean {
  return weightOf(accept ?? '', 'text/html') > weightOf(accept ?? '', 'application/json');
}

/** RFC 9110 §12.5.1, for a type that is named in full; 0: it is not. */
function weightOf(accept: string, type: string): number {
  for (const range of accept.toLowerCase().split(',')) {
    const [named, ...parameters] = range.split(';').map((part) => part.trim());
    if (named !== type) continue;
    const weight = Number(parameters.find((part) => part.startsWith('q='))?.slice(2) ?? 1);
    return Number.isFinite(weight) ? weight : 0;
  }
  return 0;
}

/** A body that is written in a way that we read, and not packed: what is packed small may be huge. */
export function isReadable(request: FastifyRequest): boolean {
  const coding = request.headers['content-encoding'] ?? 'identity';
  return mediaTypeOf(request.headers['content-type']) !== null && coding === 'identity';
}

/** A page may be shown in a frame of the clinic's websites, sends to us alone, and runs nothing. */
function policyFor(origins: readonly string[]): string {
  return [
    "default-src 'none'",
    "style-src 'unsafe-inline'",
    "form-action 'self'",
    "base-uri 'none'",
    `frame-ancestors ${["'self'", ...origins].join(' ')}`,
  ].join('; ');
}

export function send(
  reply: FastifyReply,
  status: number,
  body: string | object,
  origins: readonly string[] = [],
): void {
  if (typeof body === 'string') {
    reply.header('content-security-policy', policyFor(origins)).type('text/html; charset=utf-8');
  } else {
    reply.type('application/json; charset=utf-8');
  }
  void reply.code(status).send(typeof body === 'string' ? body : JSON.stringify(body));
}

/** Why a form is refused before its room has seen it. The words are ours. */
export interface DoorRefusal {
  readonly status: number;
  readonly code: string;
  readonly message: string;
}

/** With where help is: what was in the form may have been an emergency. */
export function refuse(
  request: FastifyRequest,
  reply: FastifyReply,
  { status, code, message }: DoorRefusal,
  emergencyAdvice: string,
): void {
  const isPage = prefersPage(request.headers.accept);
  const advice = { urgent: null, standing: emergencyAdvice };
  const body = isPage
    ? refusedPage(NOT_SENT, [message], [], new Map(), advice)
    : { code, message, emergencyAdvice };
  send(reply, status, body);
}

export function answerForm(
  request: FastifyRequest,
  reply: FastifyReply,
  form: PublicForm,
  answer: FormAnswer,
): void {
  const isPage = prefersPage(request.headers.accept);
  if (answer.kind === 'TAKEN') {
    const { reference, words, urgent } = answer;
    const body = isPage
      ? takenPage(SENT, reference, words, urgent)
      : { reference, message: words.join(' '), urgentAdvice: urgent };
    send(reply, 202, body, form.origins);
    return;
  }
  const { problems, urgent } = answer;
  const message = 'Please put this right and send it again. Nothing was kept.';
  const body = isPage
    ? refusedPage(NOT_SENT, [message], problems, form.labels, { urgent, standing: null })
    : { code: 'BAD_INPUT', message, problems, urgentAdvice: urgent };
  send(reply, 422, body, form.origins);
}
