import { Inject } from '@nestjs/common';
import { Args, ID, Query, Resolver } from '@nestjs/graphql';
import { ConsentPurpose } from '../../platform/database/generated/enums.js';
import { PageInput } from '../../platform/graphql/page.type.js';
import type { StaffActor } from '../audit/audit.type.js';
import { Allow, CurrentActor, Permission } from '../auth/permission.type.js';
import { ConsentCoverageService } from './consent-coverage.service.js';
import { ConsentCoverage, ConsentCoverageInput, ConsentGapPage } from './consent-coverage.type.js';
import { ConsentTimelineService } from './consent-timeline.service.js';
import { ConsentTimeline } from './consent-timeline.type.js';

@Resolver(() => ConsentTimeline)
export class ConsentReportResolver {
  constructor(
    @Inject(ConsentTimelineService) private readonly timelines: ConsentTimelineService,
    @Inject(ConsentCoverageService) private readonly coverage: ConsentCoverageService,
  ) {}

  @Allow(Permission.READ_CONSENT)
  @Query(() => ConsentTimeline, {
    description:
      'Where a patient stood from the first decision to now, with what ended by itself. The look is recorded. Needs READ_CONSENT.',
  })
  consentTimeline(
    @CurrentActor() actor: StaffActor,
    @Args('patientId', { type: () => ID, description: 'The patient.' }) patientId: string,
    @Args('purpose', {
      type: () => ConsentPurpose,
      nullable: true,
      description: 'Only of this purpose; all when left out.',
    })
    purpose: ConsentPurpose | null,
  ) {
    return this.timelines.consentTimeline(actor, patientId, purpose ?? null);
  }

  @Allow(Permission.READ_CONSENT)
  @Query(() => ConsentCoverage, {
    description: 'How many patients have which consents now, and how many lack one. Needs READ_CONSENT.',
  })
  consentCoverage(
    @Args('filter', { description: 'Which consents of which patients.' }) filter: ConsentCoverageInput,
  ) {
    return this.coverage.consentCoverage(filter);
  }

  @Allow(Permission.READ_CONSENT)
  @Query(() => ConsentGapPage, {
    description: 'Who lacks which consents now. The look is recorded. Needs READ_CONSENT.',
  })
  consentGaps(
    @CurrentActor() actor: StaffActor,
    @Args('filter', { description: 'Which consents of which patients.' }) filter: ConsentCoverageInput,
    @Args('page', { type: () => PageInput, defaultValue: {}, description: 'Which part of the list.' })
    page: PageInput,
  ) {
    return this.coverage.consentGaps(actor, filter, page);
  }
}
