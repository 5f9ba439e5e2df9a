import { buildSchema, parse, validate } from 'graphql';
import { describe, expect, it } from 'vitest';
import { ALIASES_MAX, aliasRule, depthRule, noSubscriptionRule, onceRule } from './document-rules.js';

const schema = buildSchema('type Query { a: Int } type Mutation { signIn(n: Int): Int other: Int }');
const problemsOf = (query: string) =>
  validate(schema, parse(query), [aliasRule, onceRule(['signIn'])]).map(({ message }) => message);
const aliases = (count: number, field: string) =>
  Array.from({ length: count }, (_, i) => `x${i}: ${field}`).join(' ');

describe('aliases', () => {
  it.each(['a', '__typename'])('are counted whatever they are of: %s', (field) => {
    expect(problemsOf(`{ ${aliases(ALIASES_MAX, field)} }`)).toEqual([]);
    expect(problemsOf(`{ ${aliases(ALIASES_MAX + 1, field)} }`)).toHaveLength(1);
    expect(problemsOf(`{ ${aliases(1_000, field)} }`)).toHaveLength(1);
  });
});

describe('a field that may stand once', () => {
  it('is refused the second time, in a fragment too', () => {
    expect(problemsOf('mutation { signIn other b: other }')).toEqual([]);
    expect(problemsOf('mutation { a: signIn(n: 1) b: signIn(n: 2) }')).toHaveLength(1);
    expect(problemsOf('mutation { a: signIn(n: 1) ...F } fragment F on Mutation { signIn }')).toHaveLength(1);
  });
});

describe('depth', () => {
  const deep = buildSchema('type Query { a: A } type A { a: A b: Int }');
  const levels = (count: number): string => (count === 1 ? 'b' : `a { ${levels(count - 1)} }`);
  const tooDeep = (query: string) => validate(deep, parse(query), [depthRule(5)]).length === 1;

  it('is counted in fields, whatever fragments they stand in', () => {
    expect(tooDeep(`{ a { ${levels(4)} } }`)).toBe(false);
    expect(tooDeep(`{ a { ${levels(5)} } }`)).toBe(true);
    expect(tooDeep(`{ a { ... on A { ${levels(4)} } } }`)).toBe(false);
    expect(tooDeep(`{ a { ...F } } fragment F on A { ${levels(5)} }`)).toBe(true);
  });

  it('is found out soon, although fragments double and go round', () => {
    const fragments = Array.from(
      { length: 30 },
      (_, n) => `fragment F${n} on A { ...F${n + 1} ...F${n + 1} }`,
    );
    expect(tooDeep(`{ a { ...F0 } } ${fragments.join(' ')} fragment F30 on A { b }`)).toBe(false);
    expect(tooDeep('{ a { ...F } } fragment F on A { a { ...F } }')).toBe(true);
    expect(tooDeep('{ a { ...F } } fragment F on A { ...F }')).toBe(false);
  });
});

describe('a subscription', () => {
  it('is refused where there is one answer', () => {
    const live = buildSchema('type Query { a: Int } type Subscription { s: Int }');
    const problems = (query: string) => validate(live, parse(query), [noSubscriptionRule]).length;
    expect([
      problems('subscription { s }'),
      problems('query A { a } subscription B { s }'),
      problems('{ a }'),
    ]).toEqual([1, 1, 0]);
  });
});
