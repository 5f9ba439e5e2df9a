import { Inject } from '@nestjs/common';
import { Parent, ResolveField, Resolver } from '@nestjs/graphql';
import { CurrentRequest, type RequestContext } from '../../platform/graphql/request-context.js';
import { requestLoader } from '../../platform/graphql/request-loader.js';
import { Allow, Permission } from '../auth/permission.type.js';
import { ScanReport } from '../reports/report.type.js';
import { LetterService } from './letter.service.js';
import { Letter } from './letter.type.js';

const LETTERS = Symbol('letters of scan reports');

/** ScanReport.letters: what was sent of a report, and what became of it. */
@Resolver(() => ScanReport)
export class ReportLettersResolver {
  constructor(@Inject(LetterService) private readonly service: LetterService) {}

  @Allow(Permission.READ_LETTER)
  @ResolveField(() => [Letter], {
    description: 'Letters and notices about this report, oldest first. Needs READ_LETTER.',
  })
  async letters(@Parent() report: ScanReport, @CurrentRequest() request: RequestContext) {
    const loader = requestLoader(request, LETTERS, (ids) => this.service.ofSubjects(ids));
    return (await loader.load(report.id)) ?? [];
  }
}
