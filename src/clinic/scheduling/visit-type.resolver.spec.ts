import { NestFactory } from '@nestjs/core';
import { GraphQLSchemaBuilderModule, GraphQLSchemaFactory } from '@nestjs/graphql';
import { plainToInstance } from 'class-transformer';
import { validateSync } from 'class-validator';
import type { GraphQLSchema } from 'graphql';
import { beforeAll, describe, expect, it } from 'vitest';
// Kinds of consent are the consent room's words; its type file gives them to GraphQL.
import '../consent/consent.type.js';
import { operationsWithoutPermission } from '../../platform/graphql/access.js';
import { describeValidationErrors } from '../../platform/graphql/faults.js';
import { InstantScalar, LocalDateScalar } from '../../platform/graphql/scalars.js';
import { ResourceResolver } from './resource.resolver.js';
import { SetResourceSkillsInput } from './resource.type.js';
import { SetVisitProtocolInput } from './visit-protocol.type.js';
import { VisitTypeResolver } from './visit-type.resolver.js';

describe('the doors to kinds of visit and to skills', () => {
  let schema: GraphQLSchema;

  beforeAll(async () => {
    const app = await NestFactory.createApplicationContext(GraphQLSchemaBuilderModule, { logger: false });
    schema = await app
      .get(GraphQLSchemaFactory)
      .create([VisitTypeResolver, ResourceResolver], [InstantScalar, LocalDateScalar]);
    await app.close();
  });

  it('have these operations, each with a permission', () => {
    expect(Object.keys(schema.getQueryType()?.getFields() ?? {}).toSorted()).toEqual([
      'visitType',
      'visitTypes',
    ]);
    expect(Object.keys(schema.getMutationType()?.getFields() ?? {}).toSorted()).toEqual([
      'setResourceSkills',
      'setVisitProtocol',
    ]);
    expect(
      operationsWithoutPermission(VisitTypeResolver.prototype, [
        'visitTypes',
        'visitType',
        'setVisitProtocol',
      ]),
    ).toEqual([]);
    expect(operationsWithoutPermission(ResourceResolver.prototype, ['setResourceSkills'])).toEqual([]);
  });

  it('describe every type', () => {
    const undescribed = Object.values(schema.getTypeMap()).filter(
      (type) => !type.name.startsWith('__') && !type.description,
    );
    expect(undescribed.map((type) => type.name)).toEqual(['Query', 'Mutation']);
  });
});

describe('what is refused before it reaches a service', () => {
  const problems = <T extends object>(type: new () => T, input: object): readonly string[] =>
    describeValidationErrors(validateSync(plainToInstance(type, input), { whitelist: true }));
  const need = { role: 'operator', kind: 'NURSE' };
  const step = { name: 'Check', durationMinutes: 10, needs: [need] };
  const protocol = {
    visitTypeCode: 'FOLLOW_UP',
    effectiveFrom: '2026-03-02',
    startStepMinutes: 15,
    source: 'a decision',
    steps: [step],
  };
  const withNeed = (parts: object) => ({ ...protocol, steps: [{ ...step, needs: [{ ...need, ...parts }] }] });

  it('protocols out of bounds', () => {
    expect(problems(SetVisitProtocolInput, protocol)).toEqual([]);
    expect(problems(SetVisitProtocolInput, { ...protocol, visitTypeCode: 'follow up' })).toHaveLength(1);
    expect(problems(SetVisitProtocolInput, { ...protocol, steps: [] })).toHaveLength(1);
    expect(problems(SetVisitProtocolInput, { ...protocol, startStepMinutes: 0 })).toHaveLength(1);
    for (const over of [
      { durationMinutes: 0 },
      { durationMinutes: 721 },
      { waitMinutesMax: 721 },
      { name: '' },
    ]) {
      expect(problems(SetVisitProtocolInput, { ...protocol, steps: [{ ...step, ...over }] })).toHaveLength(1);
    }
    for (const over of [{ role: 'Operator' }, { kind: 'DOG' }, { skill: 'x' }, { bufferAfterMinutes: 241 }]) {
      expect(problems(SetVisitProtocolInput, withNeed(over))).toHaveLength(1);
    }
  });

  it('skills that are none', () => {
    const resourceId = '018f0000-0000-7000-8000-000000000001';
    expect(problems(SetResourceSkillsInput, { resourceId, skills: ['ULTRASOUND'] })).toEqual([]);
    expect(problems(SetResourceSkillsInput, { resourceId, skills: ['ultra sound'] })).toHaveLength(1);
    expect(problems(SetResourceSkillsInput, { resourceId, skills: ['A1', 'A1'] })).toHaveLength(1);
  });
});
