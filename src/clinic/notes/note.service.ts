import { Inject, Injectable } from '@nestjs/common';
import type { Tx } from '../../platform/database/database.service.js';
import type { StaffActor } from '../audit/audit.type.js';
import type { ClinicalNote } from './note.type.js';
import { NoteRecordService } from './note-record.service.js';

/** Notes for later rooms. */
@Injectable()
export class NoteService {
  constructor(@Inject(NoteRecordService) private readonly records: NoteRecordService) {}

  /**
   * The notes about a case of a meeting, as they are for whoever looks: words of a psychology note only when they may read
   * them. The look is recorded.
   */
  async notesOfCase(tx: Tx, meetingCaseId: string, actor: StaffActor): Promise<readonly ClinicalNote[]> {
    return (await this.records.shown(tx, actor, { meetingCaseId }, null)).items;
  }

  /** The same of several cases in one look, by case. It starts a transaction of its own. */
  async notesOfCases(
    actor: StaffActor,
    meetingCaseIds: readonly string[],
  ): Promise<ReadonlyMap<string, readonly ClinicalNote[]>> {
    return this.records.ofCases(actor, meetingCaseIds);
  }
}
