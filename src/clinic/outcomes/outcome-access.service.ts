import { Inject, Injectable } from '@nestjs/common';
import type { Tx } from '../../platform/database/database.service.js';
import {
  SubjectAccess,
  type SubjectAccessRoom,
  type SubjectAccessSection,
} from '../records/subject-access.type.js';
import { bandOf } from './instrument.rules.js';

/** What a patient answered, and what was done about it, for the patient. */
@Injectable()
export class OutcomeAccessService implements SubjectAccessRoom {
  readonly room = 'outcomes';

  constructor(@Inject(SubjectAccess) access: SubjectAccess) {
    access.register(this);
  }

  async collect(tx: Tx, patientId: string): Promise<readonly SubjectAccessSection[]> {
    const order = { orderBy: { id: 'asc' } } as const;
    const scores = await tx.outcomeScore.findMany({ where: { patientId }, ...order });
    return [
      {
        name: 'scores',
        about:
          'What you answered in questionnaires, item by item as it was marked, the total, and what the total is called. A score ' +
          'with `replacesId` stands in the place of another; one with `isVoid` was taken back.',
        records: scores.map((score) => ({
          ...score,
          band: bandOf(score.instrument, score.total)?.label ?? null,
        })),
        thirdPartyFields: ['reason'],
      },
      {
        name: 'risk-tasks',
        about: 'When one of your answers made us want to speak with you at once, and what came of it.',
        records: await tx.riskTask.findMany({ where: { patientId }, ...order }),
        thirdPartyFields: ['closingNote'],
      },
      {
        name: 'risk-task-notes',
        about: 'What was done about that, step by step.',
        records: await tx.riskTaskEvent.findMany({ where: { riskTask: { patientId } }, ...order }),
        thirdPartyFields: ['note'],
      },
    ];
  }
}
