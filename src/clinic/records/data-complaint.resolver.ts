import { Inject } from '@nestjs/common';
import { Args, Mutation, Query, Resolver } from '@nestjs/graphql';
import { PageInput } from '../../platform/graphql/page.type.js';
import type { StaffActor } from '../audit/audit.type.js';
import { Allow, CurrentActor, Permission } from '../auth/permission.type.js';
import { DataComplaintService } from './data-complaint.service.js';
import {
  ChangeComplaintResult,
  ComplaintNoteInput,
  ConcludeComplaintInput,
  DataComplaint,
  DataComplaintFilterInput,
  DataComplaintPage,
  RecordComplaintInput,
} from './data-complaint.type.js';

@Resolver(() => DataComplaint)
export class DataComplaintResolver {
  constructor(@Inject(DataComplaintService) private readonly complaints: DataComplaintService) {}

  @Allow(Permission.READ_RECORDS)
  @Query(() => DataComplaintPage, {
    description:
      'Complaints about how the clinic uses what it knows of people, those to be acknowledged first at the top. The look is ' +
      'recorded. Needs READ_RECORDS.',
  })
  dataComplaints(
    @CurrentActor() actor: StaffActor,
    @Args('filter', {
      type: () => DataComplaintFilterInput,
      defaultValue: {},
      description: 'Narrows the list.',
    })
    filter: DataComplaintFilterInput,
    @Args('page', { type: () => PageInput, defaultValue: {}, description: 'Which part of the list.' })
    page: PageInput,
  ) {
    return this.complaints.dataComplaints(actor, filter, page);
  }

  @Allow(Permission.MANAGE_RECORDS)
  @Mutation(() => DataComplaint, {
    description:
      'Records a complaint about data protection. A patient is written to at once that it came; it has to be acknowledged ' +
      'within 30 days. Needs MANAGE_RECORDS.',
  })
  recordComplaint(
    @CurrentActor() actor: StaffActor,
    @Args('input', { description: 'The complaint.' }) input: RecordComplaintInput,
  ) {
    return this.complaints.recordComplaint(actor, input);
  }

  @Allow(Permission.MANAGE_RECORDS)
  @Mutation(() => ChangeComplaintResult, {
    description:
      'The person has been told that the complaint came. Refused as DataComplaintStandsOtherwise. Needs MANAGE_RECORDS.',
  })
  acknowledgeComplaint(
    @CurrentActor() actor: StaffActor,
    @Args('input', { description: 'How the person was told.' }) input: ComplaintNoteInput,
  ) {
    return this.complaints.acknowledgeComplaint(actor, input);
  }

  @Allow(Permission.MANAGE_RECORDS)
  @Mutation(() => ChangeComplaintResult, {
    description:
      'Something that was done or found about a complaint. Never changed afterwards. Needs MANAGE_RECORDS.',
  })
  noteOnComplaint(
    @CurrentActor() actor: StaffActor,
    @Args('input', { description: 'What.' }) input: ComplaintNoteInput,
  ) {
    return this.complaints.noteOnComplaint(actor, input);
  }

  @Allow(Permission.MANAGE_RECORDS)
  @Mutation(() => ChangeComplaintResult, {
    description:
      'The person was told the outcome. Refused as DataComplaintStandsOtherwise. Needs MANAGE_RECORDS.',
  })
  concludeComplaint(
    @CurrentActor() actor: StaffActor,
    @Args('input', { description: 'The outcome.' }) input: ConcludeComplaintInput,
  ) {
    return this.complaints.concludeComplaint(actor, input);
  }

  @Allow(Permission.MANAGE_RECORDS)
  @Mutation(() => ChangeComplaintResult, {
    description:
      'Looks into a complaint again; what was told stays in its history. Refused as DataComplaintStandsOtherwise. ' +
      'Needs MANAGE_RECORDS.',
  })
  reopenComplaint(
    @CurrentActor() actor: StaffActor,
    @Args('input', { description: 'Why.' }) input: ComplaintNoteInput,
  ) {
    return this.complaints.reopenComplaint(actor, input);
  }
}
