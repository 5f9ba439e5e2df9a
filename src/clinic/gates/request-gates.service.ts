import { Inject, Injectable } from '@nestjs/common';
import type { Tx } from '../../platform/database/database.service.js';
import { GateCode, GateStage } from '../../platform/database/generated/enums.js';
import type { Temporal } from '../../platform/time/index.js';
import { EntitlementService, type KeyedLicenceWant } from '../entitlements/entitlement.service.js';
import { VettingService } from '../vetting/vetting.service.js';
import type { VettingStanding } from '../vetting/vetting-standing.type.js';
import type { GateSubject, GateVerdict } from './gate.rules.js';
import { employerLicence, type LicenceFacts, practitionerLicence } from './gate-licence.rules.js';
import { authorised, justified, referrerEntitled, requestComplete } from './gate-request.rules.js';
import {
  type GateGroup,
  type GateQuestion,
  GateSources,
  type VerdictsByVisit,
} from './gate-sources.service.js';

const UNTIL_INJECTION = [
  GateStage.BOOKING,
  GateStage.PUBLICATION,
  GateStage.ARRIVAL,
  GateStage.INJECTION,
] as const;
const UNTIL_ACQUISITION = [...UNTIL_INJECTION, GateStage.ACQUISITION] as const;

const NOT_LOOKED_UP: LicenceFacts = { held: false, reason: 'No licence was found. Record it first.' };

/** What is known of one booking's request. */
interface Facts {
  readonly procedureCode: string;
  readonly on: Temporal.PlainDate;
  readonly request: VettingStanding | null;
  readonly employer: LicenceFacts;
  readonly practitioner: LicenceFacts;
}

const RULES = {
  REFERRER_ENTITLED: ({ request }) => referrerEntitled(request),
  REQUEST_COMPLETE: ({ request }) => requestComplete(request),
  EMPLOYER_LICENCE: ({ employer }) => employerLicence(employer),
  PRACTITIONER_LICENCE: ({ request, practitioner }) =>
    practitionerLicence((request?.practitionerId ?? null) !== null, practitioner),
  JUSTIFIED: (facts) => justified(facts.request, facts),
  AUTHORISED: (facts) => authorised(facts.request, facts),
} as const satisfies Partial<Record<GateCode, (facts: Facts) => GateVerdict>>;

/** The gates that rest on the imaging request and on licences: two statements for all of them. */
@Injectable()
export class RequestGatesService implements GateGroup {
  readonly stages = {
    REFERRER_ENTITLED: UNTIL_ACQUISITION,
    REQUEST_COMPLETE: UNTIL_ACQUISITION,
    EMPLOYER_LICENCE: UNTIL_ACQUISITION,
    PRACTITIONER_LICENCE: UNTIL_ACQUISITION,
    JUSTIFIED: UNTIL_ACQUISITION,
    AUTHORISED: UNTIL_ACQUISITION,
  };

  constructor(
    @Inject(VettingService) private readonly vetting: VettingService,
    @Inject(EntitlementService) private readonly entitlements: EntitlementService,
    @Inject(GateSources) sources: GateSources,
  ) {
    sources.registerGroup(this);
  }

  async judge(tx: Tx, question: GateQuestion): Promise<ReadonlyMap<GateCode, VerdictsByVisit>> {
    const facts = await this.#facts(tx, question);
    const verdicts = new Map<GateCode, VerdictsByVisit>();
    for (const [code, rule] of rulesOf(question.codes)) {
      verdicts.set(code, new Map([...facts].map(([visitId, known]) => [visitId, rule(known)])));
    }
    return verdicts;
  }

  async #facts(tx: Tx, { subjects, onByVisit }: GateQuestion): Promise<ReadonlyMap<string, Facts>> {
    const requests = await this.vetting.standings(tx, subjects);
    const dated = subjects.flatMap((subject) => {
      const on = onByVisit.get(subject.visitId);
      return on === undefined ? [] : [{ subject, on, request: requests.get(subject.visitId) ?? null }];
    });
    const wants = dated.flatMap(({ subject, on, request }) => licenceWants(subject, on, request));
    const licences = await this.entitlements.licenceStandings(tx, wants);
    return new Map(
      dated.map(({ subject, on, request }) => [
        subject.visitId,
        {
          procedureCode: subject.procedureCode,
          on,
          request,
          employer: licences.get(`EMPLOYER ${subject.visitId}`) ?? NOT_LOOKED_UP,
          practitioner: licences.get(`PRACTITIONER ${subject.visitId}`) ?? NOT_LOOKED_UP,
        },
      ]),
    );
  }
}

function licenceWants(
  { visitId, siteCode, procedureCode }: GateSubject,
  on: Temporal.PlainDate,
  request: VettingStanding | null,
): readonly KeyedLicenceWant[] {
  const staffId = request?.practitionerId ?? null;
  return [
    { key: `EMPLOYER ${visitId}`, kind: 'EMPLOYER', siteCode, procedureCode, on },
    { key: `PRACTITIONER ${visitId}`, kind: 'PRACTITIONER', staffId, siteCode, procedureCode, on },
  ];
}

function rulesOf(
  codes: ReadonlySet<GateCode>,
): readonly (readonly [GateCode, (facts: Facts) => GateVerdict])[] {
  return (Object.keys(RULES) as (keyof typeof RULES)[])
    .filter((code) => codes.has(code))
    .map((code) => [code, RULES[code]]);
}
