import { Inject } from '@nestjs/common';
import { Args, Mutation, Parent, ResolveField, Resolver } from '@nestjs/graphql';
import { CurrentRequest, type RequestContext } from '../../platform/graphql/request-context.js';
import { requestLoader } from '../../platform/graphql/request-loader.js';
import { Allow, Permission } from '../auth/permission.type.js';
import { ScanBooking } from '../imaging/scan-booking.type.js';
import { type Booker, CurrentBooker } from '../visits/booker.type.js';
import { AcquisitionService } from './acquisition.service.js';
import {
  AcquisitionNote,
  CorrectCtDoseInput,
  CorrectCtDoseResult,
  CtDose,
  NoteAcquisitionInput,
  NoteAcquisitionResult,
  RecordCtDoseInput,
  RecordCtDoseResult,
  VoidCtDoseInput,
  VoidCtDoseResult,
} from './acquisition.type.js';
import { AcquisitionRecordService } from './acquisition-record.service.js';

const DOSES = Symbol('CT doses by scan booking');
const NOTES = Symbol('acquisition notes by scan booking');

/** What the one who acquired says of it. */
@Resolver(() => ScanBooking)
export class AcquisitionResolver {
  constructor(
    @Inject(AcquisitionService) private readonly acquisitions: AcquisitionService,
    @Inject(AcquisitionRecordService) private readonly records: AcquisitionRecordService,
  ) {}

  @Allow(Permission.RECORD_ADMINISTRATION)
  @Mutation(() => RecordCtDoseResult, {
    description:
      'Records what one series of the CT part gave: CTDIvol in mGy, DLP in mGy·cm and the phantom. Who records it is entitled to acquire images. With an `Idempotency-Key` it is done once. Needs RECORD_ADMINISTRATION.',
  })
  recordCtDose(
    @CurrentBooker() booker: Booker,
    @Args('input', { type: () => RecordCtDoseInput, description: 'Of which scan, and how much.' })
    input: RecordCtDoseInput,
  ) {
    return this.acquisitions.recordCtDose(booker, input);
  }

  @Allow(Permission.RECORD_ADMINISTRATION)
  @Mutation(() => CorrectCtDoseResult, {
    description:
      'Enters a CT dose in the place of a wrong entry, with the reason; the wrong one stays. With an `Idempotency-Key` it is done once. Needs RECORD_ADMINISTRATION.',
  })
  correctCtDose(
    @CurrentBooker() booker: Booker,
    @Args('input', { type: () => CorrectCtDoseInput, description: 'Which entry, and what it should say.' })
    input: CorrectCtDoseInput,
  ) {
    return this.acquisitions.correctCtDose(booker, input);
  }

  @Allow(Permission.RECORD_ADMINISTRATION)
  @Mutation(() => VoidCtDoseResult, {
    description:
      'Takes an entry of a CT dose back, with the reason; it stays. With an `Idempotency-Key` it is done once. Needs RECORD_ADMINISTRATION.',
  })
  voidCtDose(
    @CurrentBooker() booker: Booker,
    @Args('input', { type: () => VoidCtDoseInput, description: 'Which entry, and why.' })
    input: VoidCtDoseInput,
  ) {
    return this.acquisitions.voidCtDose(booker, input);
  }

  @Allow(Permission.RECORD_ADMINISTRATION)
  @Mutation(() => NoteAcquisitionResult, {
    description:
      'Notes when an acquisition began and ended, and what was done otherwise than the protocol says. Notes are only added. With an `Idempotency-Key` it is done once. Needs RECORD_ADMINISTRATION.',
  })
  noteAcquisition(
    @CurrentBooker() booker: Booker,
    @Args('input', { type: () => NoteAcquisitionInput, description: 'Of which scan, and how it went.' })
    input: NoteAcquisitionInput,
  ) {
    return this.acquisitions.noteAcquisition(booker, input);
  }

  @Allow(Permission.READ_ADMINISTRATION)
  @ResolveField(() => [CtDose], {
    description:
      'What the CT part gave, entry by entry, those that were replaced too. Needs READ_ADMINISTRATION. The look at the booking covers it.',
  })
  async ctDoses(@Parent() booking: ScanBooking, @CurrentRequest() request: RequestContext) {
    const loader = requestLoader(request, DOSES, (ids) => this.records.ctDosesOf(ids));
    return (await loader.load(booking.id)) ?? [];
  }

  @Allow(Permission.READ_ADMINISTRATION)
  @ResolveField(() => [AcquisitionNote], {
    description: 'How the acquisition went. Needs READ_ADMINISTRATION. The look at the booking covers it.',
  })
  async acquisitionNotes(@Parent() booking: ScanBooking, @CurrentRequest() request: RequestContext) {
    const loader = requestLoader(request, NOTES, (ids) => this.records.notesOf(ids));
    return (await loader.load(booking.id)) ?? [];
  }
}
