import { buildSchema, parse, validate } from 'graphql';
import { describe, expect, it } from 'vitest';
import { COST_MAX_OBJECTS, costRule } from './cost-rule.js';

const schema = buildSchema(`
  input PageInput { size: Int }
  type Query { bookings(page: PageInput): BookingPage! patient: Patient search: [Thing!]! }
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
    const paged =
      'query ($p: PageInput) { bookings(page: $p) { items { patient { bookings { patient { bookings { id } } } } } } }';
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

  it('reads the size of a page, and its default', () => {
    const deep = 'items { patient { bookings { patient { bookings { id } } } } }';
    expect(problemsOf(`{ bookings(page: { size: 5 }) { ${deep} } }`)).toEqual([]);
    expect(problemsOf(`{ bookings { items { patient { bookings { id } } } } }`)).toEqual([]);
    const deeper = 'items { patient { bookings { patient { bookings { letters { id } } } } } }';
    expect(problemsOf(`{ bookings(page: { size: 100 }) { ${deeper} } }`)).toHaveLength(1);
  });

  it('counts a fragment once, however many levels of fragments spread it twice', () => {
    const levels = Array.from(
      { length: 60 },
      (_, i) => `fragment G${i} on Query { ...G${i + 1} ...G${i + 1} }`,
    );
    const query = `{ ...G0 } ${levels.join(' ')} fragment G60 on Query { bookings { items { id } } }`;
    expect(problemsOf(query)).toEqual([expect.stringContaining('more than a million')]);
    expect(problemsOf(query.replace('bookings { items { id } }', '__typename'))).toEqual([]);
  });

  it('does not hang on a fragment that spreads itself', () => {
    expect(
      problemsOf('{ patient { ...A } } fragment A on Patient { referrals { patient { ...A } } }'),
    ).toEqual([]);
  });
});
