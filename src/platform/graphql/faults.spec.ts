import { BadRequestException } from '@nestjs/common';
import { GraphQLError } from 'graphql';
import { describe, expect, it } from 'vitest';
import { FAULT_CODES, Fault } from '../refusal/fault.js';
import { describeValidationErrors, toPublicFault } from './faults.js';

function coded(code: string, message = 'SELECT * FROM patients WHERE family_name = Smith'): Error {
  return Object.assign(new Error(message), { code });
}

describe('what a caller may know of an error', () => {
  it('is a fault as it was thrown, also from inside a resolver', () => {
    const fault = new Fault('NOT_FOUND', 'There is no such patient, or you may not see it.');
    expect(toPublicFault(fault)).toEqual({ code: 'NOT_FOUND', message: fault.message, unexpected: false });
    const wrapped = new GraphQLError(fault.message, { originalError: fault });
    expect(toPublicFault(wrapped)).toEqual(toPublicFault(fault));
  });

  it.each(['40001', '40P01', 'P2034', 'P2024', 'P2028', 'P1017', '57P01', '57014'])(
    '%s: try again',
    (code) => {
      expect(toPublicFault(coded(code))).toMatchObject({ code: 'TRY_AGAIN', unexpected: false });
    },
  );

  it('does not say that nothing was changed when nobody knows', () => {
    expect(toPublicFault(coded('40P01')).message).toContain('Nothing was changed');
    for (const code of ['P2028', '57P01', '23503']) {
      expect(toPublicFault(coded(code)).message).not.toContain('Nothing was changed');
    }
  });

  it('is ours when an answer does not fit its type, and the caller’s when the question cannot be read', () => {
    const ours = new GraphQLError('Cannot return null for non-nullable field X.', { path: ['x'] });
    expect(toPublicFault(ours)).toMatchObject({ code: 'INTERNAL', unexpected: true });
    const unreadable = Object.assign(new Error('body must have a query'), { statusCode: 400 });
    expect(toPublicFault(unreadable)).toMatchObject({ code: 'BAD_INPUT', unexpected: false });
  });

  it('is nothing but an id for what nobody expected', () => {
    for (const error of [coded('23503'), new Error('Smith'), 'Smith', null, { code: 7 }]) {
      const shown = toPublicFault(error);
      expect(shown).toMatchObject({ code: 'INTERNAL', unexpected: true });
      expect(shown.message).not.toMatch(/Smith|SELECT/);
    }
  });

  it('says what was wrong with a request that could not be read', () => {
    expect(toPublicFault(new GraphQLError('Syntax Error: Unexpected <EOF>.'))).toMatchObject({
      code: 'BAD_INPUT',
      message: 'Syntax Error: Unexpected <EOF>.',
    });
    expect(toPublicFault(coded('MER_ERR_GQL_QUERY_DEPTH', 'too deep')).code).toBe('BAD_INPUT');
    expect(toPublicFault(coded('FST_ERR_CTP_INVALID_MEDIA_TYPE', 'no')).code).toBe('BAD_INPUT');
    expect(toPublicFault(new BadRequestException('Validation failed (uuid is expected)')).code).toBe(
      'BAD_INPUT',
    );
  });

  it('has one of six codes', () => {
    expect(FAULT_CODES).toEqual([
      'UNAUTHENTICATED',
      'FORBIDDEN',
      'NOT_FOUND',
      'BAD_INPUT',
      'TRY_AGAIN',
      'INTERNAL',
    ]);
  });
});

describe('findings of the validation', () => {
  it('name the field by its path, once', () => {
    const errors = [
      { property: 'email', constraints: { isEmail: 'email must be an email' } },
      {
        property: 'phones',
        children: [
          { property: '0', children: [{ property: 'number', constraints: { matches: 'is not one' } }] },
        ],
      },
    ];
    expect(describeValidationErrors(errors)).toEqual([
      'email must be an email',
      'phones.0.number: is not one',
    ]);
  });
});
