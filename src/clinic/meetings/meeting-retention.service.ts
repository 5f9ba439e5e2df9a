import { Inject, Injectable } from '@nestjs/common';
import { Config } from '../../platform/config/index.js';
import type { Tx } from '../../platform/database/database.service.js';
import { instantFromDate, localDate, Temporal } from '../../platform/time/index.js';
import type { Actor } from '../audit/audit.type.js';
import {
  type DestroyedPart,
  type PatientPartFacts,
  type PatientRecordPart,
  RetentionClasses,
} from '../records/retention-class.type.js';

/** A case that the team has still to discuss keeps the record; one that is settled goes with it. Meetings stay. */
@Injectable()
export class MeetingRetentionService implements PatientRecordPart {
  readonly room = 'meetings';

  constructor(
    @Inject(RetentionClasses) classes: RetentionClasses,
    @Inject(Config) private readonly config: Config,
  ) {
    classes.join(this);
  }

  async facts(tx: Tx, patientIds: readonly string[]): Promise<ReadonlyMap<string, PatientPartFacts>> {
    const rows = await tx.meetingCase.findMany({
      where: { patientId: { in: [...patientIds] } },
      select: { patientId: true, status: true, discussedFrom: true },
    });
    return new Map(
      patientIds.map((id) => {
        const own = rows.filter(({ patientId }) => patientId === id);
        const days = own.flatMap(({ discussedFrom }) =>
          discussedFrom === null
            ? []
            : [localDate(instantFromDate(discussedFrom), this.config.clinicTimeZone)],
        );
        return [
          id,
          {
            lastContactOn: days.toSorted(Temporal.PlainDate.compare).at(-1) ?? null,
            treatmentEndedOn: null,
            classes: [],
            keptBecause: own.some(({ status }) => status === 'LISTED') ? 'CASE_LISTED' : null,
          },
        ];
      }),
    );
  }

  /** The database lets go of it under a lawful destruction, and never otherwise. */
  async destroy(tx: Tx, _actor: Actor, patientId: string): Promise<readonly DestroyedPart[]> {
    const ofThem = { where: { meetingCase: { patientId } } };
    const proposals = await tx.caseProposal.deleteMany({ where: { patientId } });
    const events = await tx.meetingCaseEvent.deleteMany(ofThem);
    const exhibits = await tx.meetingCaseExhibit.deleteMany(ofThem);
    const proformas = await tx.meetingCaseProforma.deleteMany(ofThem);
    await tx.meetingCaseSource.deleteMany(ofThem);
    const cases = await tx.meetingCase.deleteMany({ where: { patientId } });
    return [
      { what: 'cases for the team', count: cases.count },
      { what: 'proformas', count: proformas.count },
      { what: 'things shown to the team', count: exhibits.count },
      { what: 'events of cases', count: events.count },
      { what: 'proposals for the team', count: proposals.count },
    ].filter(({ count }) => count > 0);
  }
}
