import { Inject } from '@nestjs/common';
import { Parent, ResolveField, Resolver } from '@nestjs/graphql';
import { CurrentRequest, type RequestContext } from '../../platform/graphql/request-context.js';
import { requestLoader } from '../../platform/graphql/request-loader.js';
import type { StaffActor } from '../audit/audit.type.js';
import { Allow, CurrentActor, Permission } from '../auth/permission.type.js';
import { NamedResolver, named } from '../auth/staff-name.type.js';
import { ClinicalNote } from '../notes/note.type.js';
import { Patient } from '../patients/patient.type.js';
import { CaseNotesService } from './case-notes.service.js';
import { CasePeopleService } from './case-people.service.js';
import { CaseRecordService } from './case-record.service.js';
import { Meeting, MeetingAttendance } from './meeting.type.js';
import { MeetingCase } from './meeting-case.type.js';
import { MeetingRecordService } from './meeting-record.service.js';
import { MemberAbsence } from './meeting-series.type.js';

const CASES_OF_MEETINGS = Symbol('cases by meeting');
const CASES_OF_PATIENTS = Symbol('cases by patient');
const MEETINGS_OF_CASES = Symbol('meetings of cases');
const NOTES_OF_CASES = Symbol('notes by case');
const PATIENTS_OF_CASES = Symbol('patients of cases');

/** Meeting.cases, from the room that owns them. */
@Resolver(() => Meeting)
export class MeetingCasesResolver {
  constructor(@Inject(CaseRecordService) private readonly records: CaseRecordService) {}

  @Allow(Permission.READ_MEETING)
  @ResolveField(() => [MeetingCase], {
    description:
      'What is on its list and what was discussed, in the order in which it was brought. The look is recorded. Needs READ_MEETING.',
  })
  async cases(
    @Parent() { id }: Meeting,
    @CurrentRequest() request: RequestContext,
    @CurrentActor() actor: StaffActor,
  ) {
    const loader = requestLoader(request, CASES_OF_MEETINGS, (ids) => this.records.ofMeetings(actor, ids));
    return (await loader.load(id)) ?? [];
  }
}

/** Patient.meetingCases. */
@Resolver(() => Patient)
export class PatientCasesResolver {
  constructor(@Inject(CaseRecordService) private readonly records: CaseRecordService) {}

  @Allow(Permission.READ_MEETING)
  @ResolveField(() => [MeetingCase], {
    description:
      'What was brought before the team of the patient, the newest 100, the newest last. The look is recorded. Needs READ_MEETING.',
  })
  async meetingCases(
    @Parent() { id }: Patient,
    @CurrentRequest() request: RequestContext,
    @CurrentActor() actor: StaffActor,
  ) {
    const loader = requestLoader(request, CASES_OF_PATIENTS, (ids) => this.records.ofPatients(actor, ids));
    return (await loader.load(id)) ?? [];
  }
}

/** From a case to its patient and its meeting. */
@Resolver(() => MeetingCase)
export class CasePeopleResolver {
  constructor(
    @Inject(CasePeopleService) private readonly people: CasePeopleService,
    @Inject(MeetingRecordService) private readonly meetings: MeetingRecordService,
  ) {}

  @Allow(Permission.READ_PATIENT)
  @ResolveField(() => Patient, {
    nullable: true,
    description: 'Who it is. The look is recorded. Needs READ_PATIENT.',
  })
  async patient(
    @Parent() { patientId }: MeetingCase,
    @CurrentRequest() request: RequestContext,
    @CurrentActor() actor: StaffActor,
  ) {
    const loader = requestLoader(request, PATIENTS_OF_CASES, (ids) => this.people.viewed(actor, ids));
    return loader.load(patientId);
  }

  @Allow(Permission.READ_MEETING)
  @ResolveField(() => Meeting, {
    nullable: true,
    description: 'On the list of which meeting; null: of none. Needs READ_MEETING.',
  })
  async meeting(@Parent() { meetingId }: MeetingCase, @CurrentRequest() request: RequestContext) {
    if (meetingId === null) return null;
    return requestLoader(request, MEETINGS_OF_CASES, (ids) => this.meetings.byIds(ids)).load(meetingId);
  }
}

/** MeetingCase.notes. */
@Resolver(() => MeetingCase)
export class CaseNotesResolver {
  constructor(@Inject(CaseNotesService) private readonly ofCases: CaseNotesService) {}

  @Allow(Permission.READ_NOTE)
  @ResolveField(() => [ClinicalNote], {
    description:
      'What the members of the team have written about it: one note with a section for each of them (`keepNoteDraft` with `meetingCaseId`); words of psychology only for those who may read them. The look is recorded. Needs READ_NOTE.',
  })
  async notes(
    @Parent() { id }: MeetingCase,
    @CurrentRequest() request: RequestContext,
    @CurrentActor() actor: StaffActor,
  ) {
    const loader = requestLoader(request, NOTES_OF_CASES, (ids) => this.ofCases.ofCases(actor, ids));
    return (await loader.load(id)) ?? [];
  }
}

@Resolver(() => Meeting)
export class MeetingNamesResolver extends NamedResolver {
  @Allow(Permission.READ_MEETING)
  @ResolveField(() => String, named('the chair', 'READ_MEETING'))
  chairName(@Parent() { chairId }: Meeting, @CurrentRequest() request: RequestContext) {
    return this.nameOf(request, chairId);
  }
}

@Resolver(() => MeetingAttendance)
export class AttendanceNamesResolver extends NamedResolver {
  @Allow(Permission.READ_MEETING)
  @ResolveField(() => String, named('the member of staff', 'READ_MEETING'))
  staffName(@Parent() { staffId }: MeetingAttendance, @CurrentRequest() request: RequestContext) {
    return this.nameOf(request, staffId);
  }
}

@Resolver(() => MemberAbsence)
export class AbsenceNamesResolver extends NamedResolver {
  @Allow(Permission.READ_MEETING)
  @ResolveField(() => String, named('the member of staff', 'READ_MEETING'))
  staffName(@Parent() { staffId }: MemberAbsence, @CurrentRequest() request: RequestContext) {
    return this.nameOf(request, staffId);
  }
}

@Resolver(() => MeetingCase)
export class CaseNamesResolver extends NamedResolver {
  @Allow(Permission.READ_MEETING)
  @ResolveField(() => String, named('who presents it', 'READ_MEETING'))
  presenterName(@Parent() { presenterId }: MeetingCase, @CurrentRequest() request: RequestContext) {
    return this.nameOf(request, presenterId);
  }

  @Allow(Permission.READ_MEETING)
  @ResolveField(() => String, named('who knows the patient', 'READ_MEETING'))
  knowsPatientName(@Parent() { knowsPatientId }: MeetingCase, @CurrentRequest() request: RequestContext) {
    return this.nameOf(request, knowsPatientId);
  }
}

export const MEETING_FIELDS_RESOLVERS = [
  MeetingCasesResolver,
  PatientCasesResolver,
  CasePeopleResolver,
  CaseNotesResolver,
  MeetingNamesResolver,
  AttendanceNamesResolver,
  AbsenceNamesResolver,
  CaseNamesResolver,
] as const;
