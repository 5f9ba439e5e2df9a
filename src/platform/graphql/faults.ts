import { BadRequestException, type ValidationError } from '@nestjs/common';
import { GraphQLError } from 'graphql';
import { Fault, type FaultCode } from '../refusal/refusal.js';

// The one place where whatever was thrown becomes what a caller may read.

export interface PublicFault {
  readonly code: FaultCode;
  readonly message: string;
  /** True when the caller could not have known and somebody must look in the log. */
  readonly unexpected: boolean;
}

const UNEXPECTED =
  'Something went wrong on our side. Look whether it was done before you repeat it, and tell us the error id.';

/** The database undid the transaction, or never began it: serialization, deadlock, a full pool, time-out of a statement. */
const UNDONE_CODES = new Set(['P2024', 'P2034', '40001', '40P01', '57014', '53300']);

/** The connection went, perhaps at the commit: nobody on this side knows whether it was done. */
const UNKNOWN_OUTCOME_CODES = new Set([
  'P1001',
  'P1002',
  'P1017',
  'P2028',
  '57P01',
  '57P02',
  '08003',
  '08006',
  'ECONNRESET',
]);

/** Mercurius' and Fastify's own codes for a request that could not be read; the message says what is wrong. */
const UNREADABLE_CODES = /^(MER_ERR_GQL_(?!PERSISTED)|MER_ERR_METHOD|FST_ERR_CTP_|FST_ERR_VALIDATION)/;

function codeOf(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null || !('code' in error)) return undefined;
  return typeof error.code === 'string' ? error.code : undefined;
}

function tryAgain(message: string): PublicFault {
  return { code: 'TRY_AGAIN', message, unexpected: false };
}

/** What a caller may know of an error. */
export function toPublicFault(error: unknown): PublicFault {
  if (error instanceof Fault) return { code: error.code, message: error.message, unexpected: false };
  if (error instanceof BadRequestException) {
    return { code: 'BAD_INPUT', message: error.message, unexpected: false };
  }
  if (error instanceof GraphQLError) {
    if (error.originalError) return toPublicFault(error.originalError);
    // With a path it comes from the answer and not from the question: a field of ours did not fit its type.
    if (error.path) return { code: 'INTERNAL', message: UNEXPECTED, unexpected: true };
    // Thrown by the parser, the validator or a scalar: about the caller's own text.
    return { code: 'BAD_INPUT', message: error.message, unexpected: false };
  }
  const code = codeOf(error);
  if (code !== undefined && UNDONE_CODES.has(code)) {
    return tryAgain(`The database is busy (${code}). Nothing was changed. Try again in a moment.`);
  }
  if (code !== undefined && UNKNOWN_OUTCOME_CODES.has(code)) {
    return tryAgain(
      `The connection to the database was lost (${code}). It may or may not have been done: look before you repeat it.`,
    );
  }
  if (isUnreadable(error, code)) return { code: 'BAD_INPUT', message: error.message, unexpected: false };
  return { code: 'INTERNAL', message: UNEXPECTED, unexpected: true };
}

/** Refused by the HTTP layer before any of our code ran: a body that is no query, a method, a media type, a length. */
function isUnreadable(error: unknown, code: string | undefined): error is Error {
  if (!(error instanceof Error)) return false;
  if (code !== undefined && UNREADABLE_CODES.test(code)) return true;
  const status = 'statusCode' in error ? error.statusCode : undefined;
  return typeof status === 'number' && status >= 400 && status < 500;
}

/** class-validator's findings in one sentence a field: "input.postcode: must be …". */
export function describeValidationErrors(errors: readonly ValidationError[], path = ''): string[] {
  return errors.flatMap((error) => {
    const field = path === '' ? error.property : `${path}.${error.property}`;
    const own = Object.values(error.constraints ?? {}).map((problem) =>
      problem.startsWith(error.property)
        ? `${field}${problem.slice(error.property.length)}`
        : `${field}: ${problem}`,
    );
    return [...own, ...describeValidationErrors(error.children ?? [], field)];
  });
}

/** The lines of a stack without its first: the message may hold what a person typed. */
export function framesOf(error: Error): string {
  return (error.stack ?? '')
    .split('\n')
    .filter((line) => /^\s+at /.test(line))
    .join('\n');
}
