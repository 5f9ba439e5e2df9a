import { createHash } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { Database, type Tx } from '../../platform/database/database.service.js';
import type { Prisma } from '../../platform/database/generated/client.js';
import { badInput, isRefusal, notFound } from '../../platform/refusal/refusal.js';
import {
  Clock,
  dateFromInstant,
  dateFromPlainDate,
  instantFromDate,
  plainDateFromDate,
  Temporal,
} from '../../platform/time/index.js';
import { AuditService } from '../audit/audit.service.js';
import type { StaffActor } from '../audit/audit.type.js';
import type { SiteNotSaid, SiteRetired } from '../scheduling/site.refusals.js';
import { siteToUse } from '../scheduling/site.service.js';
import { GuidelineEndedBefore, GuidelineInThePast, GuidelineIssuedMeanwhile } from './guideline.refusals.js';
import { fingerprintedText, type GuidelineScope, isInForce } from './guideline.rules.js';
import type {
  EndVettingGuidelineInput,
  IssueVettingGuidelineInput,
  VettingGuideline,
  VettingGuidelineFilterInput,
} from './guideline.type.js';
import { mustBeOffered } from './request-content.service.js';
import type { NoPractitionerLicence, NotEntitledToAct } from './vetting-decision.refusals.js';
import { isBefore } from './vetting-due.rules.js';
import { VettingGroundService } from './vetting-ground.service.js';
import { VettingPolicyService } from './vetting-policy.service.js';
import { someText } from './vetting-text.rules.js';

const WITH_END = { end: true } as const satisfies Prisma.VettingGuidelineInclude;
type GuidelineRow = Prisma.VettingGuidelineGetPayload<{ include: typeof WITH_END }>;

/** What practitioners let operators authorise. A version stays as it was issued, whatever comes after it. */
@Injectable()
export class GuidelineService {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(Clock) private readonly clock: Clock,
    @Inject(AuditService) private readonly audit: AuditService,
    @Inject(VettingGroundService) private readonly grounds: VettingGroundService,
    @Inject(VettingPolicyService) private readonly policies: VettingPolicyService,
  ) {}

  /** Every version that is meant, by code, the newest first. */
  async vettingGuidelines(filter: VettingGuidelineFilterInput): Promise<readonly VettingGuideline[]> {
    const { procedureCode } = filter;
    const rows = await this.database.client.vettingGuideline.findMany({ include: WITH_END });
    const today = this.policies.today();
    return toGuidelines(rows, today).filter(
      (guideline) =>
        (!procedureCode || guideline.procedureCodes.includes(procedureCode)) &&
        (filter.inForceOnly !== true || guideline.isInForce),
    );
  }

  /** You issue it as the practitioner who answers for what is authorised under it. Throws BAD_INPUT naming the field. */
  async issueVettingGuideline(
    actor: StaffActor,
    input: IssueVettingGuidelineInput,
  ): Promise<
    | VettingGuideline
    | GuidelineIssuedMeanwhile
    | GuidelineInThePast
    | NotEntitledToAct
    | NoPractitionerLicence
    | SiteNotSaid
    | SiteRetired
  > {
    const problem = inputProblem(input);
    if (problem !== null) throw badInput(problem);
    const today = this.policies.today();
    if (isBefore(Temporal.PlainDate.from(input.effectiveFrom), today)) return new GuidelineInThePast();
    return this.database.transaction(
      async (tx): Promise<VettingGuideline | IssueRefusal> => {
        const site = await siteToUse(tx, input.siteCode ?? null);
        if (isRefusal(site)) return site;
        for (const procedureCode of input.procedureCodes) {
          await mustBeOffered(tx, procedureCode, today);
          const ground = await this.grounds.practitioner(tx, actor.id, procedureCode, site.siteCode);
          if (isRefusal(ground)) return ground;
        }
        const last = await tx.vettingGuideline.findFirst({
          where: { code: input.code },
          orderBy: { version: 'desc' },
        });
        const id = await this.#write(tx, actor, input, site.siteCode, (last?.version ?? 0) + 1);
        return this.#recorded(tx, actor, 'vetting-guideline.issued', id);
      },
      { onConstraint: { vetting_guidelines_code_version_key: () => new GuidelineIssuedMeanwhile() } },
    );
  }

  /** From a day on, nothing is authorised under it any more; what was stays. Throws NOT_FOUND. */
  async endVettingGuideline(
    actor: StaffActor,
    input: EndVettingGuidelineInput,
  ): Promise<VettingGuideline | GuidelineEndedBefore | GuidelineInThePast> {
    const today = this.policies.today();
    const endsOn = input.endsOn ? Temporal.PlainDate.from(input.endsOn) : today;
    if (isBefore(endsOn, today)) return new GuidelineInThePast();
    return this.database.transaction<VettingGuideline | GuidelineEndedBefore, GuidelineEndedBefore>(
      async (tx) => {
        const before = await this.mustHave(tx, input.guidelineId);
        if (before.endsOn !== null) return new GuidelineEndedBefore();
        await tx.vettingGuidelineEnd.create({
          data: {
            guidelineId: before.id,
            endsOn: dateFromPlainDate(endsOn),
            reason: someText(input.reason),
            endedAt: dateFromInstant(this.clock.now()),
            endedById: actor.id,
          },
        });
        return this.#recorded(tx, actor, 'vetting-guideline.ended', before.id, before);
      },
      { onConstraint: { vetting_guideline_ends_pkey: () => new GuidelineEndedBefore() } },
    );
  }

  /** For this room: a version, or NOT_FOUND. */
  async mustHave(tx: Tx, id: string): Promise<VettingGuideline> {
    const row = await tx.vettingGuideline.findUnique({ where: { id } });
    if (row === null) throw notFound('vetting guideline');
    const versions = await tx.vettingGuideline.findMany({ where: { code: row.code }, include: WITH_END });
    const guideline = toGuidelines(versions, this.policies.today()).find((version) => version.id === row.id);
    if (guideline === undefined) throw notFound('vetting guideline');
    return guideline;
  }

  async #write(
    tx: Tx,
    actor: StaffActor,
    input: IssueVettingGuidelineInput,
    siteCode: string,
    version: number,
  ): Promise<string> {
    const words = {
      text: someText(input.text),
      benefit: someText(input.benefit),
      detriment: someText(input.detriment),
      alternatives: someText(input.alternatives),
    };
    const { effectiveUntil } = input;
    const { id } = await tx.vettingGuideline.create({
      data: {
        ...words,
        code: input.code,
        version,
        title: someText(input.title),
        sha256: createHash('sha256').update(fingerprintedText(words), 'utf8').digest('hex'),
        procedureCodes: [...input.procedureCodes],
        siteCode,
        ageFromYears: input.ageFromYears ?? null,
        ageToYears: input.ageToYears ?? null,
        effectiveFrom: dateFromPlainDate(Temporal.PlainDate.from(input.effectiveFrom)),
        effectiveUntil: effectiveUntil ? dateFromPlainDate(Temporal.PlainDate.from(effectiveUntil)) : null,
        issuedById: actor.id,
        issuedAt: dateFromInstant(this.clock.now()),
      },
      select: { id: true },
    });
    return id;
  }

  async #recorded(
    tx: Tx,
    actor: StaffActor,
    action: string,
    id: string,
    before?: VettingGuideline,
  ): Promise<VettingGuideline> {
    const after = await this.mustHave(tx, id);
    await this.audit.record(tx, actor, {
      action,
      subjectType: 'vetting-guideline',
      subjectId: id,
      ...(before === undefined ? {} : { before }),
      after,
    });
    return after;
  }
}

type IssueRefusal =
  | GuidelineIssuedMeanwhile
  | NotEntitledToAct
  | NoPractitionerLicence
  | SiteNotSaid
  | SiteRetired;

/** The days and bounds by which a version covers a request. */
export function scopeOf(guideline: VettingGuideline): GuidelineScope {
  const { effectiveUntil, endsOn, replacedFrom } = guideline;
  return {
    procedureCodes: guideline.procedureCodes,
    siteCode: guideline.siteCode,
    ageFromYears: guideline.ageFromYears,
    ageToYears: guideline.ageToYears,
    effectiveFrom: Temporal.PlainDate.from(guideline.effectiveFrom),
    effectiveUntil: effectiveUntil === null ? null : Temporal.PlainDate.from(effectiveUntil),
    endsOn: endsOn === null ? null : Temporal.PlainDate.from(endsOn),
    replacedFrom: replacedFrom === null ? null : Temporal.PlainDate.from(replacedFrom),
  };
}

/** By code, the newest version first. */
function toGuidelines(rows: readonly GuidelineRow[], today: Temporal.PlainDate): readonly VettingGuideline[] {
  return rows
    .toSorted((a, b) => (a.code === b.code ? b.version - a.version : a.code < b.code ? -1 : 1))
    .map((row) => {
      const { end, ...columns } = row;
      const later = rows
        .filter(({ code, version }) => code === row.code && version > row.version)
        .map(({ effectiveFrom }) => plainDateFromDate(effectiveFrom).toString())
        .toSorted();
      const guideline: VettingGuideline = {
        ...columns,
        effectiveFrom: plainDateFromDate(row.effectiveFrom).toString(),
        effectiveUntil: row.effectiveUntil === null ? null : plainDateFromDate(row.effectiveUntil).toString(),
        endsOn: end === null ? null : plainDateFromDate(end.endsOn).toString(),
        endReason: end?.reason ?? null,
        replacedFrom: later[0] ?? null,
        isInForce: false,
        issuedAt: instantFromDate(row.issuedAt),
      };
      return { ...guideline, isInForce: isInForce(scopeOf(guideline), today) };
    });
}

function inputProblem(input: IssueVettingGuidelineInput): string | null {
  const { ageFromYears, ageToYears, effectiveFrom, effectiveUntil } = input;
  if (typeof ageFromYears === 'number' && typeof ageToYears === 'number' && ageToYears < ageFromYears) {
    return 'ageToYears: must not be below ageFromYears.';
  }
  return effectiveUntil && effectiveUntil < effectiveFrom
    ? 'effectiveUntil: must not be before effectiveFrom.'
    : null;
}
