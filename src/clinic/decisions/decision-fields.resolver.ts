import { Inject } from '@nestjs/common';
import { Parent, ResolveField, Resolver } from '@nestjs/graphql';
import { CurrentRequest, type RequestContext } from '../../platform/graphql/request-context.js';
import { requestLoader } from '../../platform/graphql/request-loader.js';
import type { StaffActor } from '../audit/audit.type.js';
import { Allow, CurrentActor, Permission } from '../auth/permission.type.js';
import { NamedResolver, named } from '../auth/staff-name.type.js';
import { MeetingCase } from '../meetings/meeting-case.type.js';
import { Patient } from '../patients/patient.type.js';
import { CaseDecision, DecisionVersion, PatientWord } from './decision.type.js';
import { DecisionAction } from './decision-action.type.js';
import { DecisionActionRecordService } from './decision-action-record.service.js';
import { DecisionLetterService } from './decision-letter.service.js';
import { DecisionLetter } from './decision-letter.type.js';
import { DECISIONS_OF_A_PATIENT_MAX, DecisionRecordService } from './decision-record.service.js';

const OF_CASES = Symbol('decisions by case');
const OF_PATIENTS = Symbol('decisions by patient');
const ACTIONS = Symbol('actions by decision');
const LETTERS = Symbol('letters by decision');

/** MeetingCase.decision, from the room that owns it. */
@Resolver(() => MeetingCase)
export class CaseDecisionResolver {
  constructor(@Inject(DecisionRecordService) private readonly records: DecisionRecordService) {}

  @Allow(Permission.READ_DECISION)
  @ResolveField(() => CaseDecision, {
    nullable: true,
    description: 'What the team decided; null: nothing is typed. The look is recorded. Needs READ_DECISION.',
  })
  async decision(
    @Parent() { id }: MeetingCase,
    @CurrentRequest() request: RequestContext,
    @CurrentActor() actor: StaffActor,
  ) {
    const loader = requestLoader(request, OF_CASES, (ids) => this.records.ofCases(actor, ids));
    return (await loader.load(id)) ?? null;
  }
}

/** Patient.caseDecisions, from the room that owns them. */
@Resolver(() => Patient)
export class PatientDecisionsResolver {
  constructor(@Inject(DecisionRecordService) private readonly records: DecisionRecordService) {}

  @Allow(Permission.READ_DECISION)
  @ResolveField(() => [CaseDecision], {
    description:
      `What the team decided of the patient, the newest first, at most ${DECISIONS_OF_A_PATIENT_MAX}; older ones are found with ` +
      'their cases (`MeetingCase.decision`). The look is recorded. Needs READ_DECISION.',
  })
  async caseDecisions(
    @Parent() { id }: Patient,
    @CurrentRequest() request: RequestContext,
    @CurrentActor() actor: StaffActor,
  ) {
    const loader = requestLoader(request, OF_PATIENTS, (ids) => this.records.ofPatients(actor, ids));
    return (await loader.load(id)) ?? [];
  }
}

/** What hangs on a decision. */
@Resolver(() => CaseDecision)
export class DecisionPartsResolver {
  constructor(
    @Inject(DecisionActionRecordService) private readonly actionRecords: DecisionActionRecordService,
    @Inject(DecisionLetterService) private readonly letterRecords: DecisionLetterService,
  ) {}

  @Allow(Permission.READ_DECISION)
  @ResolveField(() => [DecisionAction], { description: 'Who does what until when. Needs READ_DECISION.' })
  async actions(@Parent() { id }: CaseDecision, @CurrentRequest() request: RequestContext) {
    const loader = requestLoader(request, ACTIONS, (ids) => this.actionRecords.ofDecisions(ids));
    return (await loader.load(id)) ?? [];
  }

  @Allow(Permission.READ_DECISION)
  @ResolveField(() => [DecisionLetter], { description: 'Letters about it, in order. Needs READ_DECISION.' })
  async letters(@Parent() { id }: CaseDecision, @CurrentRequest() request: RequestContext) {
    const loader = requestLoader(request, LETTERS, (ids) => this.letterRecords.ofDecisions(ids));
    return (await loader.load(id)) ?? [];
  }
}

@Resolver(() => CaseDecision)
export class DecisionNamesResolver extends NamedResolver {
  @Allow(Permission.READ_DECISION)
  @ResolveField(() => String, named('who checked it', 'READ_DECISION'))
  checkedByName(@Parent() { checkedById }: CaseDecision, @CurrentRequest() request: RequestContext) {
    return this.nameOf(request, checkedById);
  }
}

@Resolver(() => DecisionVersion)
export class DecisionVersionNamesResolver extends NamedResolver {
  @Allow(Permission.READ_DECISION)
  @ResolveField(() => String, named('who typed it', 'READ_DECISION'))
  typedByName(@Parent() { typedById }: DecisionVersion, @CurrentRequest() request: RequestContext) {
    return this.nameOf(request, typedById);
  }

  @Allow(Permission.READ_DECISION)
  @ResolveField(() => String, named('who is asked to check it', 'READ_DECISION'))
  checkerName(@Parent() { checkerId }: DecisionVersion, @CurrentRequest() request: RequestContext) {
    return this.nameOf(request, checkerId);
  }
}

@Resolver(() => PatientWord)
export class PatientWordNamesResolver extends NamedResolver {
  @Allow(Permission.READ_DECISION)
  @ResolveField(() => String, named('the clinician', 'READ_DECISION'))
  clinicianName(@Parent() { clinicianId }: PatientWord, @CurrentRequest() request: RequestContext) {
    return this.nameOf(request, clinicianId);
  }
}

@Resolver(() => DecisionAction)
export class DecisionActionNamesResolver extends NamedResolver {
  @Allow(Permission.WORK_ACTION)
  @ResolveField(() => String, named('who sees to it', 'WORK_ACTION'))
  ownerName(@Parent() { ownerId }: DecisionAction, @CurrentRequest() request: RequestContext) {
    return this.nameOf(request, ownerId);
  }
}

export const DECISION_FIELDS_RESOLVERS = [
  CaseDecisionResolver,
  PatientDecisionsResolver,
  DecisionPartsResolver,
  DecisionNamesResolver,
  DecisionVersionNamesResolver,
  PatientWordNamesResolver,
  DecisionActionNamesResolver,
] as const;
