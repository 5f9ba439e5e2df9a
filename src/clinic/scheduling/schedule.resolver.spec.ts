import { NestFactory } from '@nestjs/core';
import { GraphQLSchemaBuilderModule, GraphQLSchemaFactory } from '@nestjs/graphql';
import { plainToInstance } from 'class-transformer';
import { validateSync } from 'class-validator';
import type { GraphQLObjectType, GraphQLSchema } from 'graphql';
import { beforeAll, describe, expect, it } from 'vitest';
import { operationsWithoutPermission } from '../../platform/graphql/access.js';
import { describeValidationErrors } from '../../platform/graphql/faults.js';
import { InstantScalar, LocalDateScalar } from '../../platform/graphql/scalars.js';
import { SetLeadTimePolicyInput } from './lead-time.type.js';
import { AddOpeningExceptionInput, SetOpeningHoursInput } from './opening.type.js';
import { AddResourceInput } from './resource.type.js';
import { ScheduleResolver } from './schedule.resolver.js';

const ID = '018f0000-0000-7000-8000-000000000001';

describe('the door', () => {
  let schema: GraphQLSchema;

  beforeAll(async () => {
    const app = await NestFactory.createApplicationContext(GraphQLSchemaBuilderModule, { logger: false });
    schema = await app.get(GraphQLSchemaFactory).create([ScheduleResolver], [InstantScalar, LocalDateScalar]);
    await app.close();
  });

  it('has these operations', () => {
    const names = (type: GraphQLObjectType | null | undefined) => Object.keys(type?.getFields() ?? {}).sort();
    expect(names(schema.getQueryType())).toEqual([
      'leadTimePolicies',
      'openingExceptions',
      'openingHours',
      'resources',
    ]);
    expect(names(schema.getMutationType())).toEqual([
      'addOpeningException',
      'addResource',
      'removeOpeningException',
      'retireResource',
      'setLeadTimePolicy',
      'setOpeningHours',
    ]);
  });

  it('names a permission for each', () => {
    const methods = Object.getOwnPropertyNames(ScheduleResolver.prototype).filter(
      (name) => name !== 'constructor',
    );
    expect(operationsWithoutPermission(ScheduleResolver.prototype, methods)).toEqual([]);
  });

  it('describes every field and value', () => {
    const undescribed = Object.values(schema.getTypeMap()).filter(
      (type) => !type.name.startsWith('__') && !type.description,
    );
    expect(undescribed.map((type) => type.name)).toEqual(['Query', 'Mutation']);
  });
});

describe('what is refused before it reaches a service', () => {
  const problems = <T extends object>(type: new () => T, input: object): readonly string[] =>
    describeValidationErrors(validateSync(plainToInstance(type, input), { whitelist: true }));

  it('times that are no times', () => {
    const closed = { kind: 'CLOSED', heldOn: '2026-03-02', reason: 'service' };
    expect(problems(AddOpeningExceptionInput, { ...closed, startsAt: '08:00', endsAt: '23:59' })).toEqual([]);
    expect(problems(AddOpeningExceptionInput, { ...closed, startsAt: '8:00', endsAt: '24:00' })).toHaveLength(
      2,
    );
    const sessions = [{ isoWeekday: 8, opensAt: '08:00', closesAt: '9' }];
    const week = problems(SetOpeningHoursInput, { resourceId: ID, validFrom: '2026-03-02', sessions });
    expect(week).toHaveLength(2);
    expect(week.join()).toContain('sessions.0.isoWeekday');
  });

  it('names and reasons that are empty or too long', () => {
    expect(problems(AddResourceInput, { kind: 'CAMERA', name: 'Camera 1' })).toEqual([]);
    for (const name of ['', ' ', 'x'.repeat(61), ' Camera', 'Camera ']) {
      expect(problems(AddResourceInput, { kind: 'CAMERA', name })).not.toEqual([]);
    }
    expect(problems(AddResourceInput, { kind: 'SPACESHIP', name: 'Camera 1' })).toHaveLength(1);
  });

  it('days below nought or beyond a diary, and kinds of visit that are none', () => {
    const policy = {
      visitType: 'BONE',
      earliestDays: 7,
      targetDays: 14,
      latestDays: 60,
      effectiveFrom: '2026-03-02',
      reason: 'x',
    };
    expect(problems(SetLeadTimePolicyInput, policy)).toEqual([]);
    expect(problems(SetLeadTimePolicyInput, { ...policy, earliestDays: -1, latestDays: 397 })).toHaveLength(
      2,
    );
    expect(problems(SetLeadTimePolicyInput, { ...policy, earliestDays: 1.5 })).toHaveLength(1);
    expect(problems(SetLeadTimePolicyInput, { ...policy, visitType: 'bone scan' })).toHaveLength(1);
  });
});
