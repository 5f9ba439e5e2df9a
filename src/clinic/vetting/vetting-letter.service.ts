import { Inject, Injectable } from '@nestjs/common';
import type { Tx } from '../../platform/database/database.service.js';
import type { Prisma } from '../../platform/database/generated/client.js';
import { ImagingRequestAction } from '../../platform/database/generated/enums.js';
import { plainDateFromDate, Temporal } from '../../platform/time/index.js';
import { PatientService } from '../patients/patient.service.js';
import { referenceOf } from '../referrals/referral-letter.service.js';
import { isToDecide } from './request-state.rules.js';
import type { RequestOverdueMatter, VettingNews, VettingTellingMatter } from './vetting-letter.type.js';
import { isWritten } from './vetting-telling.rules.js';

const NEWS: Partial<Record<ImagingRequestAction, VettingNews>> = {
  ASK: 'INFORMATION_ASKED',
  REJECT: 'REJECTED',
};

/** After these what was told before still holds. */
const HARMLESS: readonly ImagingRequestAction[] = [
  ImagingRequestAction.CLAIM,
  ImagingRequestAction.TAKE_OVER,
  ImagingRequestAction.RELEASE,
  ImagingRequestAction.AMEND,
  ImagingRequestAction.ESCALATE,
  ImagingRequestAction.EXPOSE,
  ImagingRequestAction.UNDO_EXPOSURE,
];

const WITH_REQUEST = {
  event: true,
  request: { include: { referral: { include: { referrer: true } } } },
} as const satisfies Prisma.VettingTellingInclude;
type TellingRow = Prisma.VettingTellingGetPayload<{ include: typeof WITH_REQUEST }>;

/** What letters about imaging requests say, as it stands when they are written. */
@Injectable()
export class VettingLetterService {
  constructor(@Inject(PatientService) private readonly patientRoom: PatientService) {}

  /** What the referrer is told; null once it no longer holds: the request has moved on. For a letter, unrecorded. */
  async matter(tx: Tx, tellingId: string, version: number): Promise<VettingTellingMatter | null> {
    const telling = await tx.vettingTelling.findUnique({ where: { id: tellingId }, include: WITH_REQUEST });
    if (telling === null || !isWritten(telling.method)) return null;
    const { event, request } = telling;
    const { referral } = request;
    const news = NEWS[event.action];
    if (news === undefined || event.version !== version || referral.referrerName === null) return null;
    const later = await tx.imagingRequestEvent.count({
      where: { requestId: request.id, version: { gt: version }, action: { notIn: [...HARMLESS] } },
    });
    if (later > 0) return null;
    const patient = (await this.patientRoom.byIds(tx, [referral.patientId])).get(referral.patientId);
    if (patient === undefined) return null;
    const { familyName, givenName, namePrefix } = patient;
    return {
      requestId: request.id,
      referralId: referral.id,
      reference: referenceOf(referral.id),
      news,
      isByPost: telling.method === 'LETTER',
      receivedOn: plainDateFromDate(referral.receivedOn),
      patientId: patient.id,
      patient: {
        ...{ familyName, givenName, namePrefix },
        dateOfBirth: Temporal.PlainDate.from(patient.dateOfBirth),
      },
      referrer: {
        referrerId: referral.referrerId,
        name: referral.referrerName,
        email: telling.email ?? referral.referrer?.email ?? null,
      },
      words: telling.words,
      postTo: postalAddress(telling),
      answerBy:
        news === 'INFORMATION_ASKED' && request.informationDueOn !== null
          ? plainDateFromDate(request.informationDueOn)
          : null,
    };
  }

  /** What the clinic is told of a request that is overdue; null once somebody has seen to it, or was told later. */
  async overdueMatter(tx: Tx, requestId: string, version: number): Promise<RequestOverdueMatter | null> {
    const request = await tx.imagingRequest.findUnique({
      where: { id: requestId },
      include: { referral: { select: { patientId: true } } },
    });
    if (request === null || request.escalationsCount !== version || request.dueOn === null) return null;
    if (!isToDecide(request)) return null;
    return {
      requestId,
      referralId: request.referralId,
      reference: referenceOf(request.referralId),
      patientId: request.referral.patientId,
      dueOn: plainDateFromDate(request.informationDueOn ?? request.dueOn),
    };
  }
}

/** Where the directory says that they are. */
function postalAddress({ request: { referral } }: TellingRow): readonly string[] {
  const { referrer, referrerOrganisation } = referral;
  if (referrer === null || referrer.addressLines.length === 0) return [];
  return [
    ...(referrerOrganisation === null ? [] : [referrerOrganisation]),
    ...referrer.addressLines,
    ...(referrer.postcode === null ? [] : [referrer.postcode]),
  ];
}
