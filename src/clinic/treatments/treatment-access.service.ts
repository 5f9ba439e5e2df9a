import { Inject, Injectable } from '@nestjs/common';
import type { Tx } from '../../platform/database/database.service.js';
import {
  SubjectAccess,
  type SubjectAccessRoom,
  type SubjectAccessSection,
} from '../records/subject-access.type.js';
import { toTreatment, WHOLE_TREATMENT } from './treatment-row.type.js';

/** Treatments, for the patient whom they were for. */
@Injectable()
export class TreatmentAccessService implements SubjectAccessRoom {
  readonly room = 'treatments';

  constructor(@Inject(SubjectAccess) access: SubjectAccess) {
    access.register(this);
  }

  async collect(tx: Tx, patientId: string): Promise<readonly SubjectAccessSection[]> {
    const rows = await tx.treatment.findMany({
      where: { patientId },
      include: WHOLE_TREATMENT,
      orderBy: { id: 'asc' },
    });
    const treatments = rows.map(toTreatment);
    return [
      {
        name: 'treatments',
        about: 'Treatments that were asked for: what, where, why, and how far each is.',
        records: treatments.map(({ plan: _plan, plans: _plans, pauses: _pauses, ...rest }) => {
          const { record: _record, records: _records, complications: _complications, ...own } = rest;
          return own;
        }),
        thirdPartyFields: ['because', 'indication'],
      },
      {
        name: 'plans',
        about: 'How treatments were to be done: every plan, also those that another one stands instead of.',
        records: treatments.flatMap(({ id, plans }) => plans.map((plan) => ({ treatmentId: id, ...plan }))),
      },
      {
        name: 'safety-pauses',
        about: 'The pauses before treatments: who was there, and which side and level was read out.',
        records: treatments.flatMap(({ id, pauses }) =>
          pauses.map((pause) => ({ treatmentId: id, ...pause })),
        ),
        thirdPartyFields: ['presentNames', 'comment'],
      },
      {
        name: 'records',
        about: 'What you were given: places, drugs with their batches, and the dose of X-rays.',
        records: treatments.flatMap(({ id, records }) =>
          records.map((record) => ({ treatmentId: id, ...record })),
        ),
        thirdPartyFields: ['comment'],
      },
      {
        name: 'complications',
        about: 'What went wrong with treatments, then or later.',
        records: treatments.flatMap(({ complications }) => complications),
        thirdPartyFields: ['description'],
      },
    ];
  }
}
