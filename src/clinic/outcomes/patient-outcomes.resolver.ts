import { Inject } from '@nestjs/common';
import { Args, Parent, ResolveField, Resolver } from '@nestjs/graphql';
import { OutcomeInstrument } from '../../platform/database/generated/enums.js';
import { PageInput } from '../../platform/graphql/page.type.js';
import { CurrentRequest, type RequestContext } from '../../platform/graphql/request-context.js';
import { requestLoader } from '../../platform/graphql/request-loader.js';
import type { StaffActor } from '../audit/audit.type.js';
import { Allow, CurrentActor, Permission } from '../auth/permission.type.js';
import { Patient } from '../patients/patient.type.js';
import { OutcomeScorePage } from './outcome.type.js';
import { RiskTask } from './risk-task.type.js';
import { RiskTaskRecordService } from './risk-task-record.service.js';
import { ScoreRecordService, toPageQuestion, toScorePageKey } from './score-record.service.js';

const SCORES = Symbol('pages of scores of patients');
const RISK_TASKS = Symbol('unclosed risk tasks of patients');

/** Patient.scores and Patient.openRiskTasks: the room that owns them adds the fields. */
@Resolver(() => Patient)
export class PatientOutcomesResolver {
  constructor(
    @Inject(ScoreRecordService) private readonly scoreRecords: ScoreRecordService,
    @Inject(RiskTaskRecordService) private readonly taskRecords: RiskTaskRecordService,
  ) {}

  @Allow(Permission.READ_OUTCOME)
  @ResolveField(() => OutcomeScorePage, {
    description:
      'What the patient answered, those taken last first: what stands; with `all: true` also what was put right or taken back. ' +
      'The look is recorded. Needs READ_OUTCOME.',
  })
  async scores(
    @Parent() patient: Patient,
    @CurrentRequest() request: RequestContext,
    @CurrentActor() actor: StaffActor,
    @Args('instrument', {
      type: () => OutcomeInstrument,
      nullable: true,
      description: 'Only of this instrument; left out: of all.',
    })
    instrument: OutcomeInstrument | null | undefined,
    @Args('all', {
      type: () => Boolean,
      nullable: true,
      defaultValue: false,
      description: 'Also those that were put right or taken back.',
    })
    all: boolean | null,
    @Args('page', { type: () => PageInput, defaultValue: {}, description: 'Which part of the list.' })
    page: PageInput,
  ) {
    const loader = requestLoader(request, SCORES, (keys) => this.scoreRecords.pagesOfPatients(actor, keys));
    const asked = { instrument: instrument ?? null, areAll: all === true };
    const key = toScorePageKey(toPageQuestion(patient.id, asked, page));
    return (await loader.load(key)) ?? { items: [], nextCursor: null };
  }

  @Allow(Permission.READ_OUTCOME)
  @ResolveField(() => [RiskTask], {
    description:
      'Tasks that nobody has closed, those due first first: a clinician speaks with the patient. The look is recorded. Needs ' +
      'READ_OUTCOME.',
  })
  async openRiskTasks(
    @Parent() patient: Patient,
    @CurrentRequest() request: RequestContext,
    @CurrentActor() actor: StaffActor,
  ) {
    const loader = requestLoader(request, RISK_TASKS, (ids) => this.taskRecords.unclosedOf(actor, ids));
    return (await loader.load(patient.id)) ?? [];
  }
}
