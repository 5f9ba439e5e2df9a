import { Inject } from '@nestjs/common';
import { Args, Mutation, Parent, Query, ResolveField, Resolver } from '@nestjs/graphql';
import { PageInput } from '../../platform/graphql/page.type.js';
import { CurrentRequest, type RequestContext } from '../../platform/graphql/request-context.js';
import { requestLoader } from '../../platform/graphql/request-loader.js';
import type { StaffActor } from '../audit/audit.type.js';
import { Allow, CurrentActor, Permission } from '../auth/permission.type.js';
import { Treatment } from '../treatments/treatment.type.js';
import { type Booker, CurrentBooker } from '../visits/booker.type.js';
import { DiaryService } from './diary.service.js';
import { DiaryRecordService } from './diary-record.service.js';
import {
  DiaryDueFilterInput,
  DiaryEntryPage,
  MissDiaryEntryInput,
  MissDiaryEntryResult,
  PainDiary,
  RecordDiaryEntryInput,
  RecordDiaryEntryResult,
} from './response.type.js';

const DIARIES = Symbol('pain diaries by treatment');

@Resolver(() => PainDiary)
export class ResponseResolver {
  constructor(
    @Inject(DiaryService) private readonly diaries: DiaryService,
    @Inject(DiaryRecordService) private readonly records: DiaryRecordService,
  ) {}

  @Allow(Permission.RECORD_RESPONSE)
  @Query(() => DiaryEntryPage, {
    description:
      'Points of diaries to ask patients at, those due first first. The look is recorded. Needs RECORD_RESPONSE.',
  })
  diaryDue(
    @CurrentActor() actor: StaffActor,
    @Args('filter', { type: () => DiaryDueFilterInput, defaultValue: {}, description: 'Narrows the list.' })
    filter: DiaryDueFilterInput,
    @Args('page', { type: () => PageInput, defaultValue: {}, description: 'Which part of the list.' })
    page: PageInput,
  ) {
    return this.records.diaryDue(actor, filter, page);
  }

  @Allow(Permission.RECORD_RESPONSE)
  @Mutation(() => RecordDiaryEntryResult, {
    description:
      'Records a figure of pain for a point of a diary, also one that turns up after the point was given up; the diary is judged ' +
      'once its figures are there. Put a figure right with `correctScore`. Refused as ResponseChanged, DiaryEntrySettled, ' +
      'FigureOutOfTime or IdempotencyKeyReused. Needs RECORD_RESPONSE.',
  })
  recordDiaryEntry(
    @CurrentBooker() booker: Booker,
    @Args('input', { description: 'The figure.' }) input: RecordDiaryEntryInput,
  ) {
    return this.diaries.recordDiaryEntry(booker, input);
  }

  @Allow(Permission.RECORD_RESPONSE)
  @Mutation(() => MissDiaryEntryResult, {
    description:
      'Says why there is no figure for a point of a diary. Refused as ResponseChanged or DiaryEntrySettled. Needs RECORD_RESPONSE.',
  })
  missDiaryEntry(
    @CurrentActor() actor: StaffActor,
    @Args('input', { description: 'Which point, and why.' }) input: MissDiaryEntryInput,
  ) {
    return this.diaries.missDiaryEntry(actor, input);
  }
}

/** Treatment.painDiary: what the patient said of it, and what that means. */
@Resolver(() => Treatment)
export class TreatmentDiaryResolver {
  constructor(@Inject(DiaryRecordService) private readonly records: DiaryRecordService) {}

  @Allow(Permission.READ_RESPONSE)
  @ResolveField(() => PainDiary, {
    nullable: true,
    description:
      'The pain diary, with the judgement that stands; null: it was not done, or has none yet. The look is recorded. ' +
      'Needs READ_RESPONSE.',
  })
  async painDiary(
    @Parent() treatment: Treatment,
    @CurrentRequest() request: RequestContext,
    @CurrentActor() actor: StaffActor,
  ) {
    const loader = requestLoader(request, DIARIES, (ids) => this.records.ofTreatments(actor, ids));
    return (await loader.load(treatment.id)) ?? null;
  }
}
