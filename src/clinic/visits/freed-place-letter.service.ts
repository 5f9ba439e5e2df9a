import { Inject, Injectable } from '@nestjs/common';
import { Database } from '../../platform/database/database.service.js';
import { VisitStatus } from '../../platform/database/generated/enums.js';
import { instantFromDate } from '../../platform/time/index.js';
import { toOffer } from './freed-place.type.js';
import type { FreedPlaceLetterFacts } from './freed-place-letter.type.js';
import { PATIENT_DIED } from './visit.rules.js';

/** What the room that writes letters has to know of an offer of a freed place. */
@Injectable()
export class FreedPlaceLetterService {
  constructor(@Inject(Database) private readonly database: Database) {}

  /** The offer as it stands; null when there is none. For a letter, unrecorded. */
  async letterFacts(offerId: string): Promise<FreedPlaceLetterFacts | null> {
    const row = await this.database.client.freedPlaceOffer.findUnique({
      where: { id: offerId },
      include: {
        patient: {
          select: {
            familyName: true,
            givenName: true,
            namePrefix: true,
            email: true,
            contactPreference: true,
          },
        },
        request: { select: { visitType: { select: { name: true, modality: true } } } },
        movesVisit: { select: { startsAt: true, status: true } },
        freedPlace: { select: { siteCode: true } },
      },
    });
    if (row === null) return null;
    const { siteCode } = row.freedPlace;
    const site = await this.database.client.site.findUniqueOrThrow({
      where: { code: siteCode },
      select: { name: true, addressLines: true },
    });
    const offer = toOffer(row);
    const died = { status: VisitStatus.CANCELLED, cancelReasonCode: PATIENT_DIED };
    const { patientId } = offer;
    return {
      offerId,
      version: offer.version,
      status: offer.status,
      visitTypeName: row.request.visitType.name,
      modality: row.request.visitType.modality,
      startsAt: offer.startsAt,
      endsAt: offer.steps.at(-1)?.endsAt ?? offer.startsAt,
      presentStartsAt: isBooked(row.movesVisit) ? instantFromDate(row.movesVisit.startsAt) : null,
      sentAt: offer.sentAt,
      answerBy: offer.answerBy,
      siteCode,
      site,
      patientId,
      hasDied: (await this.database.client.visit.count({ where: { patientId, ...died } })) > 0,
      patient: row.patient,
    };
  }
}

function isBooked<One extends { readonly status: VisitStatus }>(visit: One | null): visit is One {
  return visit?.status === VisitStatus.BOOKED;
}
