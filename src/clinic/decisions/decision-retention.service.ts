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

/** What is still to be done for a patient keeps the record; the rest of a decision goes with it. */
@Injectable()
export class DecisionRetentionService implements PatientRecordPart {
  readonly room = 'decisions';

  constructor(
    @Inject(RetentionClasses) classes: RetentionClasses,
    @Inject(Config) private readonly config: Config,
  ) {
    classes.join(this);
  }

  async facts(tx: Tx, patientIds: readonly string[]): Promise<ReadonlyMap<string, PatientPartFacts>> {
    const rows = await tx.caseDecision.findMany({
      where: { patientId: { in: [...patientIds] } },
      select: {
        ...{ patientId: true, openedAt: true, signedAt: true },
        patientWords: { select: { decidedAt: true } },
        actions: { select: { status: true } },
      },
    });
    return new Map(
      patientIds.map((id) => {
        const own = rows.filter(({ patientId }) => patientId === id);
        const days = own.flatMap(({ openedAt, signedAt, patientWords }) =>
          [signedAt ?? openedAt, ...patientWords.map(({ decidedAt }) => decidedAt)].map((date) =>
            localDate(instantFromDate(date), this.config.clinicTimeZone),
          ),
        );
        const isOpen = own.some(({ actions }) =>
          actions.some(({ status }) => status === 'OPEN' || status === 'STARTED'),
        );
        return [
          id,
          {
            lastContactOn: days.toSorted(Temporal.PlainDate.compare).at(-1) ?? null,
            treatmentEndedOn: null,
            classes: [],
            keptBecause: isOpen ? 'ACTION_OPEN' : null,
          },
        ];
      }),
    );
  }

  /** The database lets go of it under a lawful destruction, and never otherwise. */
  async destroy(tx: Tx, _actor: Actor, patientId: string): Promise<readonly DestroyedPart[]> {
    const ofThem = { where: { decision: { patientId } } };
    const letters = await tx.decisionLetter.deleteMany(ofThem);
    const actions = await tx.decisionAction.deleteMany(ofThem);
    const words = await tx.patientDecision.deleteMany(ofThem);
    const addenda = await tx.decisionAddendum.deleteMany(ofThem);
    const versions = await tx.caseDecisionVersion.deleteMany(ofThem);
    const decisions = await tx.caseDecision.deleteMany({ where: { patientId } });
    return [
      { what: 'decisions of the team', count: decisions.count },
      { what: 'versions of decisions', count: versions.count },
      { what: 'addenda of decisions', count: addenda.count },
      { what: 'decisions of the patient', count: words.count },
      { what: 'actions', count: actions.count },
      { what: 'letters about decisions', count: letters.count },
    ].filter(({ count }) => count > 0);
  }
}
