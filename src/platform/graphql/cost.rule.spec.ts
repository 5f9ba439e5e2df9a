import { buildSchema, parse, validate } from 'graphql';
import { describe, expect, it } from 'vitest';
import { COST_MAX_OBJECTS, costRule } from './cost.rule.js';

const schema = buildSchema(`
  type Query { bookings: BookingPage! patient: Patient search: [Thing!]! }
  type BookingPage { items: [Booking!]! nextCursor: String }
  type Booking { id: ID! patient: Patient! letters: [Letter!]! }
  type Patient { id: ID! referrals: [Referral!]! bookings: [Booking!]! }
  type Referral { id: ID! patient: Patient! }
  type Letter { id: ID! }
  union Thing = Patient | Letter
`);

const problemsOf = (query: string) =>
  validate(schema, parse(query), [costRule]).map(({ message }) => message);

describe('the cost of a query', () => {
  it('lets the fullest screen through', () => {
    expect(
      problemsOf('{ bookings { nextCursor items { id letters { id } patient { id referrals { id } } } } }'),
    ).toEqual([]);
  });

  it('refuses a cycle of lists, however it is written', () => {
    const cycle =
      '{ patient { referrals { patient { referrals { patient { referrals { patient { referrals { id } } } } } } } } }';
    const fragments = `{ patient { ...A } }
      fragment A on Patient { referrals { patient { ...B } } } fragment B on Patient { referrals { patient { ...C } } }
      fragment C on Patient { referrals { patient { referrals { patient { id } } } } }`;
    const inline =
      '{ search { ... on Patient { bookings { patient { bookings { patient { bookings { patient { bookings { id } } } } } } } } } }';
    const paged = '{ bookings { items { patient { bookings { patient { bookings { id } } } } } } }';
    for (const query of [cycle, fragments, inline, paged]) {
      expect(problemsOf(query)).toEqual([expect.stringContaining(`at most ${COST_MAX_OBJECTS} are allowed`)]);
    }
  });

  it('adds up what stands side by side', () => {
    const many = Array.from({ length: 60 }, (_, i) => `a${i}: bookings { items { letters { id } } }`).join(
      ' ',
    );
    expect(problemsOf(`{ ${many} }`)).toHaveLength(1);
  });

  it('does not hang on a fragment that spreads itself', () => {
    expect(
      problemsOf('{ patient { ...A } } fragment A on Patient { referrals { patient { ...A } } }'),
    ).toEqual([]);
  });
});
