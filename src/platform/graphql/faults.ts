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

const UNEXPECTED = 'Something went wrong on our side. Nothing was changed. Tell us the error id.';

/** PostgreSQL says "try again" with these; Prisma wraps them as P2034, and a full pool as P2024 or P2028. */
const PASSING_CODES = new Set(['P2024', 'P2028', 'P2034', '40001', '40P01', '57014', '53300']);

/** Mercurius' and Fastify's own codes for a request that could not be read; the message says what is wrong. */
const UNREADABLE_CODES = /^(MER_ERR_GQL_(?!PERSISTED)|MER_ERR_METHOD|FST_ERR_CTP_|FST_ERR_VALIDATION)/;

function codeOf(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null || !('code' in error)) return undefined;
  return typeof error.code === 'string' ? error.code : undefined;
}

function tooManyRequests(code: string): PublicFault {
  return {
    code: 'TRY_AGAIN',
    message: `The database is busy (${code}). Nothing was changed. Try again in a moment.`,
    unexpected: false,
  };
}

/** What a caller may know of an error. */
export function toPublicFault(error: unknown): PublicFault {
  if (error instanceof Fault) return { code: error.code, message: error.message, unexpected: false };
  if (error instanceof BadRequestException) {
    return { code: 'BAD_INPUT', message: error.message, unexpected: false };
  }
  if (error instanceof GraphQLError) {
    if (error.originalError) return toPublicFault(error.originalError);
    // Thrown by the parser, the validator or a scalar: about the caller's own text.
    return { code: 'BAD_INPUT', message: error.message, unexpected: false };
  }
  const code = codeOf(error);
  if (code !== undefined && PASSING_CODES.has(code)) return tooManyRequests(code);
  if (code !== undefined && UNREADABLE_CODES.test(code) && error instanceof Error) {
    return { code: 'BAD_INPUT', message: error.message, unexpected: false };
  }
  return { code: 'INTERNAL', message: UNEXPECTED, unexpected: true };
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
