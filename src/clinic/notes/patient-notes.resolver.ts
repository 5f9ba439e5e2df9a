import { Inject } from '@nestjs/common';
import { Parent, ResolveField, Resolver } from '@nestjs/graphql';
import { CurrentRequest, type RequestContext } from '../../platform/graphql/request-context.js';
import { requestLoader } from '../../platform/graphql/request-loader.js';
import type { StaffActor } from '../audit/audit.type.js';
import { Allow, CurrentActor, Permission } from '../auth/permission.type.js';
import { Patient } from '../patients/patient.type.js';
import { ClinicalNote } from './note.type.js';
import { NOTES_OF_A_PATIENT_MAX, NoteRecordService } from './note-record.service.js';

const NOTES = Symbol('notes by patient');

/** Patient.clinicalNotes: the room that owns the notes adds the field. */
@Resolver(() => Patient)
export class PatientNotesResolver {
  constructor(@Inject(NoteRecordService) private readonly records: NoteRecordService) {}

  @Allow(Permission.READ_NOTE)
  @ResolveField(() => [ClinicalNote], {
    description:
      `Notes about the patient, those last begun first, at most ${NOTES_OF_A_PATIENT_MAX}; \`clinicalNotes\` has the older ` +
      'ones. The look is recorded. Needs READ_NOTE.',
  })
  async clinicalNotes(
    @Parent() patient: Patient,
    @CurrentRequest() request: RequestContext,
    @CurrentActor() actor: StaffActor,
  ) {
    const loader = requestLoader(request, NOTES, (ids) => this.records.ofPatients(actor, ids));
    return (await loader.load(patient.id)) ?? [];
  }
}
