import { buildSchema, parse, validate } from 'graphql';
import { describe, expect, it } from 'vitest';
import { ALIASES_MAX, aliasRule, onceRule } from './document-rules.js';

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
