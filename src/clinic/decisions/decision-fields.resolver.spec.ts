import 'reflect-metadata';
import { Reflector } from '@nestjs/core';
import { describe, expect, it } from 'vitest';
import { neededBy } from '../../platform/graphql/access.js';
import { DecisionActionResolver } from './decision-action.resolver.js';
import { DecisionActionNamesResolver } from './decision-fields.resolver.js';

describe('the name of who sees to an action', () => {
  it('is read by everybody who may read the list of actions', () => {
    const reflector = new Reflector();
    const needed = neededBy(reflector, DecisionActionNamesResolver.prototype.ownerName);
    expect(needed).toEqual(neededBy(reflector, DecisionActionResolver.prototype.decisionActions));
    expect(needed).toEqual(neededBy(reflector, DecisionActionResolver.prototype.decisionAction));
  });
});
