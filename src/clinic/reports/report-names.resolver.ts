import { Parent, ResolveField, Resolver } from '@nestjs/graphql';
import { CurrentRequest, type RequestContext } from '../../platform/graphql/request-context.js';
import { Allow, Permission } from '../auth/permission.type.js';
import { NamedResolver, named } from '../auth/staff-name.type.js';
import { ReportAcknowledgement } from './acknowledgement.type.js';
import { CriticalFinding, CriticalFindingTelling } from './critical-finding.type.js';
import { ReportWriter, ScanReport } from './report.type.js';
import { ReportTelling } from './report-telling.type.js';

@Resolver(() => ScanReport)
export class ScanReportNamesResolver extends NamedResolver {
  @Allow(Permission.READ_FINDINGS)
  @ResolveField(() => String, named('who released it to the patient', 'READ_FINDINGS'))
  releasedByName(@Parent() { releasedById }: ScanReport, @CurrentRequest() request: RequestContext) {
    return this.nameOf(request, releasedById);
  }
}

@Resolver(() => ReportWriter)
export class ReportWriterNamesResolver extends NamedResolver {
  @Allow(Permission.READ_FINDINGS)
  @ResolveField(() => String, named('who is writing', 'READ_FINDINGS'))
  name(@Parent() { staffId }: ReportWriter, @CurrentRequest() request: RequestContext) {
    return this.nameOf(request, staffId);
  }
}

@Resolver(() => ReportTelling)
export class ReportTellingNamesResolver extends NamedResolver {
  @Allow(Permission.READ_FINDINGS)
  @ResolveField(() => String, named('who had it sent', 'READ_FINDINGS'))
  toldByName(@Parent() { toldById }: ReportTelling, @CurrentRequest() request: RequestContext) {
    return this.nameOf(request, toldById);
  }
}

@Resolver(() => ReportAcknowledgement)
export class ReportAcknowledgementNamesResolver extends NamedResolver {
  @Allow(Permission.READ_SCAN)
  @ResolveField(() => String, named('who sees to it', 'READ_SCAN'))
  assignedToName(
    @Parent() { assignedToId }: ReportAcknowledgement,
    @CurrentRequest() request: RequestContext,
  ) {
    return this.nameOf(request, assignedToId);
  }

  @Allow(Permission.READ_SCAN)
  @ResolveField(() => String, named('who recorded it', 'READ_SCAN'))
  recordedByName(
    @Parent() { recordedById }: ReportAcknowledgement,
    @CurrentRequest() request: RequestContext,
  ) {
    return this.nameOf(request, recordedById);
  }

  @Allow(Permission.READ_SCAN)
  @ResolveField(() => String, named('who closed it', 'READ_SCAN'))
  closedByName(@Parent() { closedById }: ReportAcknowledgement, @CurrentRequest() request: RequestContext) {
    return this.nameOf(request, closedById);
  }
}

@Resolver(() => CriticalFinding)
export class CriticalFindingNamesResolver extends NamedResolver {
  @Allow(Permission.READ_FINDINGS)
  @ResolveField(() => String, named('who flagged it', 'READ_FINDINGS'))
  flaggedByName(@Parent() { flaggedById }: CriticalFinding, @CurrentRequest() request: RequestContext) {
    return this.nameOf(request, flaggedById);
  }

  @Allow(Permission.READ_FINDINGS)
  @ResolveField(() => String, named('who closed it', 'READ_FINDINGS'))
  closedByName(@Parent() { closedById }: CriticalFinding, @CurrentRequest() request: RequestContext) {
    return this.nameOf(request, closedById);
  }
}

@Resolver(() => CriticalFindingTelling)
export class CriticalFindingTellingNamesResolver extends NamedResolver {
  @Allow(Permission.READ_FINDINGS)
  @ResolveField(() => String, named('who recorded it', 'READ_FINDINGS'))
  recordedByName(
    @Parent() { recordedById }: CriticalFindingTelling,
    @CurrentRequest() request: RequestContext,
  ) {
    return this.nameOf(request, recordedById);
  }
}

export const REPORT_NAMES_RESOLVERS = [
  ScanReportNamesResolver,
  ReportWriterNamesResolver,
  ReportTellingNamesResolver,
  ReportAcknowledgementNamesResolver,
  CriticalFindingNamesResolver,
  CriticalFindingTellingNamesResolver,
] as const;
