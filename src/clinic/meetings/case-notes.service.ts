import { Inject, Injectable } from '@nestjs/common';
import type { Tx } from '../../platform/database/database.service.js';
import { MeetingCaseStatus } from '../../platform/database/generated/enums.js';
import type { StaffActor } from '../audit/audit.type.js';
import { NoteService } from '../notes/note.service.js';
import type { ClinicalNote } from '../notes/note.type.js';
import { type NoteCase, type NoteCaseSource, NoteCases } from '../notes/note-cases.service.js';

/** Says which cases there are to write notes about: all that were not withdrawn. And what was written about them. */
@Injectable()
export class CaseNotesService implements NoteCaseSource {
  constructor(
    @Inject(NoteCases) cases: NoteCases,
    @Inject(NoteService) private readonly notes: Pick<NoteService, 'notesOfCases'>,
  ) {
    cases.register(this);
  }

  async noteCase(tx: Tx, meetingCaseId: string): Promise<NoteCase | null> {
    return tx.meetingCase.findFirst({
      where: { id: meetingCaseId, status: { not: MeetingCaseStatus.WITHDRAWN } },
      select: { patientId: true, referralId: true },
    });
  }

  /** The notes about these cases, by case, as they are for whoever looks. One look, one record, which the notes' room makes. */
  async ofCases(
    actor: StaffActor,
    caseIds: readonly string[],
  ): Promise<ReadonlyMap<string, readonly ClinicalNote[]>> {
    return this.notes.notesOfCases(actor, caseIds);
  }
}
