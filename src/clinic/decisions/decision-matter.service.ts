import { Inject, Injectable } from '@nestjs/common';
import { Config } from '../../platform/config/index.js';
import type { Tx } from '../../platform/database/database.service.js';
import type { Prisma, Referrer } from '../../platform/database/generated/client.js';
import { instantFromDate, localDate, plainDateFromDate } from '../../platform/time/index.js';
import { referenceOf } from '../referrals/referral-letter.service.js';
import type { ActionMatter, DecisionLetterMatter, DecisionLetterPatient } from './decision-matter.type.js';

const WHOLE = {
  decision: {
    select: {
      ...{ id: true, patientId: true },
      patient: { include: { death: { select: { patientId: true } } } },
      meetingCase: { select: { referralId: true } },
    },
  },
} as const satisfies Prisma.DecisionLetterInclude;
type PatientRow = Prisma.DecisionLetterGetPayload<{ include: typeof WHOLE }>['decision']['patient'];

const ADDRESS = {
  ...{ email: true, addressLines: true, postcode: true, organisation: true },
  retiredAt: true,
} as const;
type AddressRow = Pick<Referrer, keyof typeof ADDRESS>;

/** What letters about decisions and notices about actions say, as it stands when they are written. */
@Injectable()
export class DecisionMatterService {
  constructor(@Inject(Config) private readonly config: Config) {}

  /** What one party is sent; null unless it is approved, and once the patient to whom it would go has died. */
  async letterMatter(tx: Tx, letterId: string, version: number): Promise<DecisionLetterMatter | null> {
    const letter = await tx.decisionLetter.findUnique({ where: { id: letterId }, include: WHOLE });
    if (letter === null || letter.status !== 'APPROVED' || letter.version !== version) return null;
    const { audience, recipientId, recipientName, text, approvedAt, approvedByName } = letter;
    const { id: decisionId, patientId, patient, meetingCase } = letter.decision;
    if (approvedAt === null || approvedByName === null) return null;
    if (audience === 'PATIENT' && patient.death !== null) return null;
    const known = await this.#addressOf(tx, recipientId);
    return {
      ...{ decisionId, to: audience, patientId, patient: toLetterPatient(patient) },
      recipient:
        recipientName === null
          ? null
          : {
              ...{ referrerId: recipientId, name: recipientName, email: known?.email ?? null },
              isRetired: isRetired(known),
            },
      reference: meetingCase.referralId === null ? null : referenceOf(meetingCase.referralId),
      ...{ text, approvedByName },
      approvedOn: localDate(instantFromDate(approvedAt), this.config.clinicTimeZone),
      postTo: audience === 'PATIENT' ? linesOf(patient) : practiceLinesOf(known),
    };
  }

  /** What the owner of an action is told; null once it is settled or changed, or somebody was told of it again since. */
  async actionMatter(tx: Tx, id: string, version: number): Promise<ActionMatter | null> {
    const action = await tx.decisionAction.findUnique({
      where: { id },
      include: { decision: { select: { patientId: true } } },
    });
    if (action === null || action.remindersCount !== version) return null;
    if (action.status !== 'OPEN' && action.status !== 'STARTED') return null;
    // Another owner or another day since: they are told of it anew.
    if (action.remindedAt === null) return null;
    const account = await tx.staffAccount.findUnique({
      where: { id: action.ownerId },
      select: { displayName: true, email: true, disabledAt: true },
    });
    return {
      ...{ actionId: id, decisionId: action.decisionId, patientId: action.decision.patientId },
      dueOn: plainDateFromDate(action.dueOn),
      owner: {
        staffId: action.ownerId,
        name: account?.displayName ?? '',
        email: account === null || account.disabledAt !== null ? null : account.email,
      },
    };
  }

  /** Of an entry of the directory as it is now, so that whoever has moved gets it at their new address. */
  async #addressOf(tx: Tx, referrerId: string | null): Promise<AddressRow | null> {
    if (referrerId === null) return null;
    return tx.referrer.findUnique({ where: { id: referrerId }, select: ADDRESS });
  }
}

function toLetterPatient(row: PatientRow): DecisionLetterPatient {
  const { familyName, givenName, namePrefix, email, contactPreference } = row;
  return {
    ...{ familyName, givenName, namePrefix, email, contactPreference },
    dateOfBirth: plainDateFromDate(row.dateOfBirth),
  };
}

function isRetired(known: AddressRow | null): boolean {
  return known !== null && known.retiredAt !== null;
}

function practiceLinesOf(known: AddressRow | null): readonly string[] {
  if (known === null || isRetired(known) || known.addressLines.length === 0) return [];
  return [...(known.organisation === null ? [] : [known.organisation]), ...linesOf(known)];
}

function linesOf({
  addressLines,
  postcode,
}: Pick<AddressRow, 'addressLines' | 'postcode'>): readonly string[] {
  return postcode === null ? addressLines : [...addressLines, postcode];
}
