import { Inject, Injectable } from '@nestjs/common';
import type { Tx } from '../../platform/database/database.service.js';
import type { ImagingRequest as RequestRow } from '../../platform/database/generated/client.js';
import { ExposureAct, RequestReferrer, RequestSignature } from '../../platform/database/generated/enums.js';
import { badInput } from '../../platform/refusal/refusal.js';
import {
  Clock,
  dateFromInstant,
  dateFromPlainDate,
  plainDateFromDate,
  Temporal,
} from '../../platform/time/index.js';
import type { StaffActor } from '../audit/audit.type.js';
import { EntitlementService } from '../entitlements/entitlement.service.js';
import { offeredProcedure } from './request.queries.js';
import {
  type ContentDraft,
  type ContentSaid,
  contentAfter,
  contentProblem,
} from './request-content.rules.js';
import { type ContentRow, toContent } from './request-record.service.js';

/** Who says what of a request, on which day. */
export interface Saying {
  readonly actor: StaffActor;
  /** The day on which the request was made: entitlements are those of that day. */
  readonly today: Temporal.PlainDate;
  /** True: the actor refers; false: whoever is named on the referral does; null: as before. */
  readonly asReferrer: boolean | null;
}

/** What requests say. A change is a new revision; what was said before stays. */
@Injectable()
export class RequestContentService {
  constructor(
    @Inject(Clock) private readonly clock: Clock,
    @Inject(EntitlementService) private readonly entitlements: EntitlementService,
  ) {}

  /** What it says after what is said of it. Throws BAD_INPUT naming the field. */
  draft(before: ContentDraft, said: ContentSaid, { actor, today, asReferrer }: Saying): ContentDraft {
    if (said.signature === RequestSignature.SESSION) {
      throw badInput('signature: SESSION is written when you refer yourself (asReferrer).');
    }
    const after = contentAfter(before, said);
    const signed =
      asReferrer === null
        ? after
        : { ...after, ...(asReferrer ? signedBy(actor, today) : namedOnReferral(after, said)) };
    const problem = contentProblem(signed, today.toString());
    if (problem !== null) throw badInput(problem);
    return signed;
  }

  /** Writes the next revision of a request that is held, and makes it the one that holds. */
  async write(
    tx: Tx,
    actor: StaffActor,
    row: RequestRow,
    draft: ContentDraft,
    revision: number,
    amendReason: string | null,
  ): Promise<void> {
    const { studies, weightOn, lastMenstrualPeriodOn, signedOn, ...columns } = draft;
    const content = await tx.imagingRequestContent.create({
      data: {
        ...columns,
        requestId: row.id,
        referralId: row.referralId,
        revision,
        weightOn: dayOrNull(weightOn),
        lastMenstrualPeriodOn: dayOrNull(lastMenstrualPeriodOn),
        signedOn: dayOrNull(signedOn),
        referrerEntitlementId: await this.#entitlementToRefer(tx, row, draft),
        amendReason,
        writtenAt: dateFromInstant(this.clock.now()),
        writtenById: actor.id,
      },
      select: { id: true },
    });
    await tx.imagingRequestStudy.createMany({
      data: studies.map(({ performedOn, ...study }, position) => ({
        ...study,
        performedOn: dateFromPlainDate(Temporal.PlainDate.from(performedOn)),
        contentId: content.id,
        referralId: row.referralId,
        position,
      })),
    });
    const { procedureCode, urgency } = draft;
    await tx.imagingRequest.update({ where: { id: row.id }, data: { revision, procedureCode, urgency } });
  }

  /** Under which entitlement a member of staff refers, on the day of the request; null: under none. */
  async #entitlementToRefer(tx: Tx, row: RequestRow, draft: ContentDraft): Promise<string | null> {
    const { referrerStaffId, procedureCode } = draft;
    if (referrerStaffId === null) return null;
    const on = plainDateFromDate(row.requestedOn);
    const act = ExposureAct.REFER;
    const standing = await this.entitlements.entitlement(tx, referrerStaffId, act, procedureCode, on);
    return standing.entitled ? standing.entitlementId : null;
  }
}

/** The kind of visit is offered. Throws BAD_INPUT. */
export async function mustBeOffered(tx: Tx, procedureCode: string, today: Temporal.PlainDate): Promise<void> {
  const found = await tx.$queryRaw<readonly unknown[]>(offeredProcedure(procedureCode, today.toString()));
  if (found.length === 0) throw badInput('procedureCode: no kind of visit that is offered has this code.');
}

/** What a content that is written says, as a draft of the next. */
export function draftOf(row: ContentRow): ContentDraft {
  const said = toContent(row);
  return {
    procedureCode: said.procedureCode,
    clinicalQuestion: said.clinicalQuestion,
    history: said.history,
    earlierImaging: said.earlierImaging,
    earlierImagingText: said.earlierImagingText,
    weightKg: said.weightKg,
    weightOn: said.weightOn,
    weightSource: said.weightSource,
    mobility: said.mobility,
    mobilityText: said.mobilityText,
    pregnancy: said.pregnancy,
    pregnancyText: said.pregnancyText,
    lastMenstrualPeriodOn: said.lastMenstrualPeriodOn,
    breastFeeding: said.breastFeeding,
    specialNeeds: said.specialNeeds,
    urgency: said.urgency,
    recentStudies: said.recentStudies,
    studies: said.studies,
    referrerKind: said.referrerKind,
    referrerStaffId: said.referrerStaffId,
    signature: said.signature,
    signedOn: said.signedOn,
  };
}

function signedBy(actor: StaffActor, today: Temporal.PlainDate) {
  return {
    referrerKind: RequestReferrer.STAFF,
    referrerStaffId: actor.id,
    signature: RequestSignature.SESSION,
    signedOn: today.toString(),
  };
}

/** The signature of the session goes with the member of staff who gave it. */
function namedOnReferral(after: ContentDraft, said: ContentSaid) {
  const isSession = after.signature === RequestSignature.SESSION;
  return {
    referrerKind: RequestReferrer.REFERRAL,
    referrerStaffId: null,
    signature: isSession ? (said.signature ?? null) : after.signature,
    signedOn: isSession ? (said.signedOn ?? null) : after.signedOn,
  };
}

function dayOrNull(text: string | null): Date | null {
  return text === null ? null : dateFromPlainDate(Temporal.PlainDate.from(text));
}
