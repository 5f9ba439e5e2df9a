import type { INestApplicationContext } from '@nestjs/common';
import type { StaffActor } from './clinic/audit/audit.type.js';
import { DutyService } from './clinic/entitlements/duty.service.js';
import { LicenceService } from './clinic/entitlements/licence.service.js';
import { LeadTimeService } from './clinic/scheduling/lead-time.service.js';
import { RequestEntryService } from './clinic/vetting/request-entry.service.js';
import type { RequestContentInput } from './clinic/vetting/request-entry.type.js';
import { VettingDecisionService } from './clinic/vetting/vetting-decision.service.js';
import { must } from './demo-referrals.js';
import { Database } from './platform/database/database.service.js';
import type { ExposureAct, Role } from './platform/database/generated/enums.js';

// What the demo clinic may do with radioactive tracers, and what its practitioner decided. Synthetic numbers and words.

/** The usual term of a licence. */
const LICENCE_YEARS = 5;
const REVIEW_YEARS = 1;

export interface DemoExposures {
  readonly exposures: {
    readonly procedureCodes: string[];
    readonly siteCode: string;
    readonly employerLicence: string;
    readonly practitionerLicence: string;
    readonly source: string;
    readonly entitlements: readonly { readonly role: Role; readonly acts: ExposureAct[] }[];
    readonly justification: {
      readonly benefit: string;
      readonly detriment: string;
      readonly alternatives: string;
    };
  };
}

/** What is asked for with a referral that is accepted. */
export interface DemoRequest {
  readonly procedureCode: string;
  /** The clinician refers, because whoever sent the patient may not. */
  readonly asReferrer: boolean;
  readonly content: RequestContentInput;
}

/** Licences and entitlements of those who work here, where they are not there yet. The clinician is the practitioner. */
export async function openExposures(
  app: INestApplicationContext,
  { exposures }: DemoExposures,
  manager: StaffActor,
  actorOf: (role: Role) => StaffActor,
): Promise<void> {
  const { client } = app.get(Database);
  const today = app.get(LeadTimeService).today();
  const term = { validFrom: today.toString(), validUntil: today.add({ years: LICENCE_YEARS }).toString() };
  const { procedureCodes, siteCode, source } = exposures;
  const licences = app.get(LicenceService);
  const common = { ...term, procedureCodes, source };
  if ((await client.licence.count({ where: { number: exposures.employerLicence } })) === 0) {
    const licence = { ...common, number: exposures.employerLicence, siteCode };
    must(await licences.recordEmployerLicence(manager, licence));
  }
  if ((await client.licence.count({ where: { number: exposures.practitionerLicence } })) === 0) {
    const practitioner = { number: exposures.practitionerLicence, staffId: actorOf('CLINICIAN').id };
    must(await licences.recordPractitionerLicence(manager, { ...common, ...practitioner }));
  }
  for (const { role, acts } of exposures.entitlements) {
    const { id: staffId } = actorOf(role);
    if ((await client.entitlement.count({ where: { staffId } })) > 0) continue;
    must(
      await app.get(DutyService).entitleStaff(manager, {
        ...{ staffId, acts, validFrom: term.validFrom, evidence: source },
        reviewOn: today.add({ years: REVIEW_YEARS }).toString(),
      }),
    );
  }
}

/** The request of an accepted referral, justified and authorised by the practitioner; nothing when there is one. */
export async function openRequest(
  app: INestApplicationContext,
  referralId: string,
  { procedureCode, asReferrer, content }: DemoRequest,
  justification: DemoExposures['exposures']['justification'],
  clinician: StaffActor,
): Promise<void> {
  const { client } = app.get(Database);
  if ((await client.imagingRequest.count({ where: { referralId } })) > 0) return;
  const today = app.get(LeadTimeService).today().toString();
  const signed = asReferrer ? {} : { signature: 'HANDWRITTEN' as const, signedOn: today };
  const request = must(
    await app.get(RequestEntryService).requestImaging(clinician, {
      ...{ referralId, procedureCode, asReferrer, asDraft: false },
      content: { ...content, weightOn: today, ...signed },
    }),
  );
  must(
    await app.get(VettingDecisionService).justifyImagingRequest(clinician, {
      ...{ requestId: request.id, revision: request.revision, authorise: true },
      ...justification,
    }),
  );
}
