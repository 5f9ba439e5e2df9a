import { Inject, Injectable } from '@nestjs/common';
import type { Tx } from '../../platform/database/database.service.js';
import type { Prisma } from '../../platform/database/generated/client.js';
import { ReferralAcceptedFor, type ReferralAction } from '../../platform/database/generated/enums.js';
import { plainDateFromDate, Temporal } from '../../platform/time/index.js';
import { PatientService } from '../patients/patient.service.js';
import type {
  ReferralLetterReferrer,
  ReferralNews,
  ReferralOverdueMatter,
  ReferralTellingMatter,
} from './referral-letter.type.js';
import { PATIENT_DIED } from './referral-reason.rules.js';
import { isWritten } from './referral-telling.rules.js';

const NEWS: Partial<Record<ReferralAction, ReferralNews>> = {
  REQUEST_INFORMATION: 'INFORMATION_REQUESTED',
  ACCEPT: 'ACCEPTED',
  REDIRECT: 'REDIRECTED',
  DECLINE: 'DECLINED',
  RETURN_WITH_ADVICE: 'RETURNED_WITH_ADVICE',
  WITHDRAW: 'WITHDRAWN',
  COMPLETE: 'COMPLETED',
};

/** After these what was told before still holds. */
const HARMLESS: readonly ReferralAction[] = ['BOOK', 'UNBOOK', 'ASSIGN'];
/** The last digits of an id that a person can read out: one in four thousand million. */
const REFERENCE_CHARACTERS = 8;

const WITH_REFERRAL = {
  event: { include: { referral: { include: { referrer: true } } } },
} as const satisfies Prisma.ReferralTellingInclude;
type TellingRow = Prisma.ReferralTellingGetPayload<{ include: typeof WITH_REFERRAL }>;

/** What letters about referrals say, as it stands when they are written. */
@Injectable()
export class ReferralLetterService {
  constructor(@Inject(PatientService) private readonly patientRoom: PatientService) {}

  /** What one party is told; null once it no longer holds: the referral has moved on, or its patient has died. */
  async matter(tx: Tx, tellingId: string, version: number): Promise<ReferralTellingMatter | null> {
    const telling = await tx.referralTelling.findUnique({ where: { id: tellingId }, include: WITH_REFERRAL });
    if (telling === null || !isWritten(telling.method)) return null;
    const { event } = telling;
    const { referral } = event;
    const news = NEWS[event.action];
    if (news === undefined || event.version !== version) return null;
    const later = await tx.referralEvent.count({
      where: { referralId: referral.id, version: { gt: version }, action: { notIn: [...HARMLESS] } },
    });
    if (later > 0 || (telling.audience === 'PATIENT' && (await this.#hasDied(tx, referral.patientId))))
      return null;
    const patient = (await this.patientRoom.byIds(tx, [referral.patientId])).get(referral.patientId);
    if (patient === undefined) return null;
    const patientEmail = (telling.audience === 'PATIENT' ? telling.email : null) ?? patient.email;
    return {
      referralId: referral.id,
      reference: referenceOf(referral.id),
      to: telling.audience,
      isByPost: telling.method === 'LETTER',
      news,
      isStraightToTest: referral.acceptedFor === ReferralAcceptedFor.STRAIGHT_TO_TEST,
      receivedOn: plainDateFromDate(referral.receivedOn),
      patientId: patient.id,
      patient: {
        familyName: patient.familyName,
        givenName: patient.givenName,
        namePrefix: patient.namePrefix,
        dateOfBirth: Temporal.PlainDate.from(patient.dateOfBirth),
        email: telling.method === 'EMAIL' ? patientEmail : null,
        contactPreference: patient.contactPreference,
      },
      referrer: toReferrer(telling),
      words: telling.words,
      postTo: postalAddress(telling, patient),
      answerBy:
        news === 'INFORMATION_REQUESTED' && referral.informationDueOn !== null
          ? plainDateFromDate(referral.informationDueOn)
          : null,
    };
  }

  /** What the clinic is told of a referral that nobody has decided in time; null once somebody has, or it moved on. */
  async overdueMatter(tx: Tx, referralId: string, version: number): Promise<ReferralOverdueMatter | null> {
    const referral = await tx.referral.findUnique({ where: { id: referralId } });
    if (referral === null || referral.escalationsCount !== version || referral.dueOn === null) return null;
    if (!['RECEIVED', 'BEING_TRIAGED', 'INFORMATION_REQUESTED'].includes(referral.status)) return null;
    return {
      referralId,
      reference: referenceOf(referralId),
      patientId: referral.patientId,
      dueOn: plainDateFromDate(referral.informationDueOn ?? referral.dueOn),
    };
  }

  /** As far as referrals know: one of the patient's ended because they died. */
  async #hasDied(tx: Tx, patientId: string): Promise<boolean> {
    return (await tx.referral.count({ where: { patientId, reasonCode: PATIENT_DIED } })) > 0;
  }
}

/** What staff find a referral by: the end of its id. */
export function referenceOf(referralId: string): string {
  return `R-${referralId.slice(-REFERENCE_CHARACTERS).toUpperCase()}`;
}

interface PostalAddress {
  readonly addressLines: readonly string[];
  readonly postcode: string | null;
}

/** Said for this telling alone, or else what is known of the patient or of the referrer. */
function postalAddress(telling: TellingRow, patient: PostalAddress): readonly string[] {
  const { referrer, referrerOrganisation } = telling.event.referral;
  if (telling.addressLines.length > 0) return linesOf(telling);
  if (telling.audience === 'PATIENT') return linesOf(patient);
  if (referrer === null || referrer.addressLines.length === 0) return [];
  return [...(referrerOrganisation === null ? [] : [referrerOrganisation]), ...linesOf(referrer)];
}

function linesOf({ addressLines, postcode }: PostalAddress): readonly string[] {
  return postcode === null ? addressLines : [...addressLines, postcode];
}

function toReferrer({ audience, email, event: { referral } }: TellingRow): ReferralLetterReferrer | null {
  if (referral.referrerName === null) return null;
  const ownEmail = audience === 'REFERRER' ? email : null;
  return {
    referrerId: referral.referrerId,
    name: referral.referrerName,
    organisation: referral.referrerOrganisation,
    email: ownEmail ?? referral.referrer?.email ?? null,
  };
}
