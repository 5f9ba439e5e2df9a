import { Inject } from '@nestjs/common';
import { Args, ID, Int, Mutation, Query, Resolver } from '@nestjs/graphql';
import { PageInput } from '../../platform/graphql/page.type.js';
import type { StaffActor } from '../audit/audit.type.js';
import { Allow, CurrentActor, Permission } from '../auth/permission.type.js';
import {
  AddReportAddendumInput,
  AddReportAddendumResult,
  KeepReportDraftInput,
  KeepReportDraftResult,
  ReportsToWriteFilterInput,
  ReportToWritePage,
  ScanReport,
  ScanReportFilterInput,
  ScanReportPage,
  SignReportInput,
  SignReportResult,
} from './report.type.js';
import { ReportAddendumService } from './report-addendum.service.js';
import { ReportDraftService } from './report-draft.service.js';
import { ReportRecordService } from './report-record.service.js';
import { ReportSigningService } from './report-signing.service.js';
import { ReportsToWriteService } from './reports-to-write.service.js';

@Resolver(() => ScanReport)
export class ReportResolver {
  constructor(
    @Inject(ReportRecordService) private readonly records: ReportRecordService,
    @Inject(ReportDraftService) private readonly drafts: ReportDraftService,
    @Inject(ReportSigningService) private readonly signing: ReportSigningService,
    @Inject(ReportAddendumService) private readonly addenda: ReportAddendumService,
    @Inject(ReportsToWriteService) private readonly queue: ReportsToWriteService,
  ) {}

  @Allow(Permission.READ_FINDINGS)
  @Query(() => ScanReport, {
    nullable: true,
    description:
      'The report of a scan; null: nobody has begun one. The look is recorded. Needs READ_FINDINGS.',
  })
  scanReport(
    @CurrentActor() actor: StaffActor,
    @Args('scanBookingId', { type: () => ID, description: 'Of which scan booking.' }) scanBookingId: string,
  ) {
    return this.records.scanReport(actor, scanBookingId);
  }

  @Allow(Permission.READ_FINDINGS)
  @Query(() => ScanReportPage, {
    description: 'Reports, those last begun first. The look is recorded. Needs READ_FINDINGS.',
  })
  scanReports(
    @CurrentActor() actor: StaffActor,
    @Args('filter', { type: () => ScanReportFilterInput, defaultValue: {}, description: 'Narrows the list.' })
    filter: ScanReportFilterInput,
    @Args('page', { type: () => PageInput, defaultValue: {}, description: 'Which part of the list.' })
    page: PageInput,
  ) {
    return this.records.scanReports(actor, filter, page);
  }

  @Allow(Permission.READ_FINDINGS)
  @Query(() => ReportToWritePage, {
    description:
      'Scans that are over and have no final report, those first that ended first, with the day by which each was promised. ' +
      'The look is recorded. Needs READ_FINDINGS.',
  })
  reportsToWrite(
    @CurrentActor() actor: StaffActor,
    @Args('filter', {
      type: () => ReportsToWriteFilterInput,
      defaultValue: {},
      description: 'Narrows the list.',
    })
    filter: ReportsToWriteFilterInput,
    @Args('page', { type: () => PageInput, defaultValue: {}, description: 'Which part of the list.' })
    page: PageInput,
  ) {
    return this.queue.reportsToWrite(actor, filter, page);
  }

  @Allow(Permission.WRITE_FINDINGS)
  @Mutation(() => KeepReportDraftResult, {
    description:
      'Keeps your draft of a report; nobody else sees it. Refused as ReportDraftChanged, with both texts, when it was kept ' +
      'elsewhere since; as ReportAlreadySigned, ReportChangedMeanwhile or ScanNotPerformed. Needs WRITE_FINDINGS.',
  })
  keepReportDraft(
    @CurrentActor() actor: StaffActor,
    @Args('input', { description: 'The draft.' }) input: KeepReportDraftInput,
  ) {
    return this.drafts.keepReportDraft(actor, input);
  }

  @Allow(Permission.WRITE_FINDINGS)
  @Mutation(() => KeepReportDraftResult, {
    description:
      'Puts your draft away; the answer has it once more. Refused as ReportDraftChanged. Needs WRITE_FINDINGS.',
  })
  discardReportDraft(
    @CurrentActor() actor: StaffActor,
    @Args('scanBookingId', { type: () => ID, description: 'Of which scan booking.' }) scanBookingId: string,
    @Args('draftVersion', { type: () => Int, description: '`version` of your draft as you have it.' })
    draftVersion: number,
  ) {
    return this.drafts.discardReportDraft(actor, scanBookingId, draftVersion);
  }

  @Allow(Permission.WRITE_FINDINGS)
  @Mutation(() => SignReportResult, {
    description:
      'Signs your draft as you have read it, as preliminary or final; whoever is signed in is the one who signs. A final ' +
      'report goes to the referrer, who is asked to acknowledge it. Refused as ScanNotPerformed, ReportAlreadySigned, ' +
      'NoReportDraft, ReportDraftChanged, ReportChangedMeanwhile, ReportIncomplete or NotEntitledToEvaluate. Needs ' +
      'WRITE_FINDINGS.',
  })
  signReport(
    @CurrentActor() actor: StaffActor,
    @Args('input', { description: 'What is signed as what.' }) input: SignReportInput,
  ) {
    return this.signing.signReport(actor, input);
  }

  @Allow(Permission.WRITE_FINDINGS)
  @Mutation(() => AddReportAddendumResult, {
    description:
      'Adds to a signed report and signs it: a note, or a correction that brings a new version while the old one stays ' +
      'readable. Whoever was sent the report is sent this. Refused as ReportNotSigned, ReportNotFinal, ' +
      'ReportChangedMeanwhile, ReportIncomplete or NotEntitledToEvaluate. Needs WRITE_FINDINGS.',
  })
  addReportAddendum(
    @CurrentActor() actor: StaffActor,
    @Args('input', { description: 'What is added.' }) input: AddReportAddendumInput,
  ) {
    return this.addenda.addReportAddendum(actor, input);
  }
}
