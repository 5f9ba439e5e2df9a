import { Inject, Injectable } from '@nestjs/common';
import type { Tx } from '../../platform/database/database.service.js';
import { Fault } from '../../platform/refusal/refusal.js';
import { Permission, rolesHold } from '../auth/permission.type.js';
import { DocumentListService } from '../documents/document-list.service.js';
import type { DocumentReader } from '../documents/document-reader.type.js';
import { OutcomeService } from '../outcomes/outcome.service.js';
import { ReportRecordService } from '../reports/report-record.service.js';
import type { ShowToTeamInput } from './meeting-case.type.js';

/** What a row of what is shown says of it. */
export interface ShownThing {
  readonly shownId: string | null;
  readonly versionNumber: number | null;
  readonly studyInstanceUid: string | null;
  readonly sha256: string | null;
}

/** A version of a document, as its own room let somebody see it. */
export interface SeenDocument extends ShownThing {
  readonly patientId: string | null;
}

const NOTHING: ShownThing = { shownId: null, versionNumber: null, studyInstanceUid: null, sha256: null };

/** What can be shown to the team: things of this patient that are signed, recorded or filed, in a version that stays. */
@Injectable()
export class CaseExhibitService {
  constructor(
    @Inject(OutcomeService) private readonly outcomes: Pick<OutcomeService, 'scoresByIds'>,
    @Inject(ReportRecordService) private readonly reports: Pick<ReportRecordService, 'mustHave'>,
    @Inject(DocumentListService) private readonly documents: Pick<DocumentListService, 'document'>,
  ) {}

  /**
   * What is asked for, where it is a document that this person may see and that can be opened: its room records the look,
   * so it is asked before the transaction. Null: it is something else, or there is no such version. Throws NOT_FOUND.
   */
  async seen(
    reader: DocumentReader,
    { kind, shownId, versionNumber }: ShowToTeamInput,
  ): Promise<SeenDocument | null> {
    if (kind !== 'DOCUMENT' || !shownId) return null;
    if (!rolesHold(reader.roles, Permission.READ_DOCUMENT))
      throw new Fault('FORBIDDEN', 'This needs READ_DOCUMENT.');
    const { id, patientId, status, versions } = await this.documents.document(reader, shownId);
    const newest = Math.max(...versions.map(({ number }) => number));
    const version = versions.find(({ number }) => number === (versionNumber ?? newest));
    if (status !== 'FILED' || !version?.isOpenable || version.sha256 === null) return null;
    return {
      ...NOTHING,
      ...{ shownId: id, versionNumber: version.number, sha256: version.sha256, patientId },
    };
  }

  /** Null: there is no such thing of this patient. A sentence: what is wrong with the question. Throws NOT_FOUND. */
  async read(
    tx: Tx,
    { actor }: DocumentReader,
    patientId: string,
    input: ShowToTeamInput,
    seen: SeenDocument | null,
  ): Promise<ShownThing | string | null> {
    const { kind, shownId = null, versionNumber = null, studyInstanceUid = null } = input;
    if (kind === 'IMAGES') {
      if (studyInstanceUid === null || shownId !== null || versionNumber !== null) {
        return 'studyInstanceUid: images are named by it, and by nothing else.';
      }
      return { ...NOTHING, studyInstanceUid };
    }
    if (shownId === null || studyInstanceUid !== null) {
      return 'shownId: a report is named by its scan booking, a score or a document by its id, and by nothing else.';
    }
    switch (kind) {
      case 'SCORE':
        return this.#score(tx, patientId, shownId, versionNumber);
      case 'SCAN_REPORT':
        return this.#report(tx, { actor, patientId, scanBookingId: shownId, versionNumber });
      case 'DOCUMENT': {
        if (seen?.patientId !== patientId) return null;
        const { patientId: _, ...shown } = seen;
        return shown;
      }
    }
  }

  async #score(
    tx: Tx,
    patientId: string,
    shownId: string,
    versionNumber: number | null,
  ): Promise<ShownThing | string | null> {
    if (versionNumber !== null)
      return 'versionNumber: a score has none; what was corrected is a score of its own.';
    const score = (await this.outcomes.scoresByIds(tx, [shownId])).get(shownId);
    return score?.patientId === patientId ? { ...NOTHING, shownId } : null;
  }

  async #report(
    tx: Tx,
    of: {
      readonly actor: DocumentReader['actor'];
      readonly patientId: string;
      readonly scanBookingId: string;
      readonly versionNumber: number | null;
    },
  ): Promise<ShownThing | null> {
    const report = await this.reports.mustHave(tx, of.actor, of.scanBookingId);
    const number = of.versionNumber ?? report.version;
    const isSigned = report.versions.some((version) => version.number === number);
    if (report.patientId !== of.patientId || !isSigned) return null;
    return { ...NOTHING, shownId: of.scanBookingId, versionNumber: number };
  }
}
