import { buildSchema, parse } from 'graphql';
import { describe, expect, it } from 'vitest';
import { withVariableDefaults } from './variable-defaults.js';

const schema = buildSchema(
  'input Page { size: Int = 25 } type Query { list(page: Page! = {}, on: Boolean!): Int }',
);
const document = parse(
  'query ($page: Page! = {}, $on: Boolean! = true, $x: Int) { list(page: $page, on: $on) }',
);

describe('variables that were left out', () => {
  it('get their defaults, those of input fields included', () => {
    expect(withVariableDefaults(schema, document, {})).toEqual({ page: { size: 25 }, on: true });
    expect(withVariableDefaults(schema, document, null)).toEqual({ page: { size: 25 }, on: true });
  });

  it('stay as they are when they were sent, also as null', () => {
    const sent = { page: { size: 3 }, on: false };
    expect(withVariableDefaults(schema, document, sent)).toBeNull();
    expect(withVariableDefaults(schema, document, { page: null, on: true })).toBeNull();
  });
});
