import 'reflect-metadata';
import { Mutation, Query, ResolveField, Resolver } from '@nestjs/graphql';
import { describe, expect, it } from 'vitest';
import { OpenToSignedOut, operationsWithoutPermission, RequiresPermission } from './access.js';

@Resolver(() => String)
class SomeResolver {
  @RequiresPermission('READ')
  @Query(() => String)
  allowed() {
    return '';
  }

  @OpenToSignedOut()
  @Mutation(() => String)
  open() {
    return '';
  }

  @Query(() => String)
  forgottenQuery() {
    return '';
  }

  @ResolveField(() => String)
  forgottenField() {
    return '';
  }

  notADoor() {
    return '';
  }
}

describe('the roll-call of permissions', () => {
  it('finds each operation and resolved field that names none', () => {
    const names = ['allowed', 'open', 'forgottenQuery', 'forgottenField', 'notADoor'];
    expect(operationsWithoutPermission(SomeResolver.prototype, names)).toEqual([
      'forgottenQuery',
      'forgottenField',
    ]);
  });
});
