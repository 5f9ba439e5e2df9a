import { Temporal } from '../../src/platform/time/index.js';
import type { FacetHouse, RunningService } from '../support/facet.js';
import { demoPasswordIn } from '../support/facet.js';
import { type SignedInClient, signIn, signInAs } from '../support/graphql.js';
import { MovedClock } from '../support/moved-clock.js';
import { done } from './asking.js';
import { first } from './visits.js';

// The demo clinic with a team of several disciplines, whose days a test lets pass.

const DISCIPLINE_OF = {
  /** Of the demo clinic: leads the meeting, writes the reports, and performs the blocks. */
  clinician: 'PAIN_MEDICINE',
  surgeon: 'SPINAL_SURGERY',
  radiologist: 'RADIOLOGY',
  physiotherapist: 'PHYSIOTHERAPY',
  psychologist: 'PSYCHOLOGY',
} as const;
const HIRED = {
  surgeon: { displayName: 'Miss Odile Fenn', roles: ['CLINICIAN'] },
  radiologist: { displayName: 'Dr Wen Zhao', roles: ['CLINICIAN'] },
  physiotherapist: { displayName: 'Ines Marchetti', roles: ['MDT_MEMBER'] },
  psychologist: { displayName: 'Dr Noor Haddad', roles: ['MDT_MEMBER'] },
} as const;
const DEMO_ROLES = ['reception', 'clinician', 'imaging', 'manager', 'admin'] as const;
const SINCE = '2020-01-01';
const WORDING =
  'I agree to the procedure that is named on this form, on the side and at the levels that are named on it.';

export type Member = keyof typeof DISCIPLINE_OF;
type Somebody = Member | (typeof DEMO_ROLES)[number];

const emailOf = (who: Somebody): string => `${who}@facet.example`;

/** The clinic while its clock runs: who is signed in, and what time it is. */
export class TeamClinic {
  #people = new Map<Somebody, SignedInClient>();

  private constructor(
    readonly service: RunningService,
    readonly clock: MovedClock,
  ) {}

  /** Started on a home of its own, with the team at work in it. */
  static async open(house: FacetHouse, settings: Readonly<Record<string, string>> = {}): Promise<TeamClinic> {
    const home = await house.newHome();
    const clock = new MovedClock(home);
    const clinic = new TeamClinic(await house.start(home, { ...clock.settings, ...settings }), clock);
    for (const role of DEMO_ROLES) clinic.#people.set(role, await signInAs(clinic.service, role));
    await clinic.#hire();
    await clinic.#entitle();
    await clinic.#publishWording();
    return clinic;
  }

  /** Somebody who is signed in. */
  the(who: Somebody): SignedInClient {
    const client = this.#people.get(who);
    if (client === undefined) throw new Error(`there is no ${who}`);
    return client;
  }

  disciplineOf(member: Member): string {
    return DISCIPLINE_OF[member];
  }

  /** Until then time passes, and sessions with it: everybody signs in again. */
  async goTo(moment: Temporal.Instant | string): Promise<void> {
    await this.clock.goTo(moment);
    const password = await demoPasswordIn(this.service.home);
    for (const who of this.#people.keys()) {
      this.#people.set(who, await signIn(this.service.httpUrl, emailOf(who), password));
    }
  }

  /** The clinic's day, or one that comes so many days after it. */
  today(days = 0): string {
    return this.clock.now().toZonedDateTimeISO('Europe/London').toPlainDate().add({ days }).toString();
  }

  /** A further account of the clinic, with a discipline of its own. */
  async hire(
    email: string,
    { displayName, roles, discipline }: { displayName: string; roles: readonly string[]; discipline: string },
  ): Promise<SignedInClient> {
    const password = await demoPasswordIn(this.service.home);
    const admin = this.the('admin');
    await done(
      admin,
      { verb: 'addStaffAccount', wanted: 'StaffAccount { id }' },
      { email, displayName, roles, password },
    );
    const client = await signIn(this.service.httpUrl, email, password);
    await this.#practises(client, discipline);
    return client;
  }

  async #hire(): Promise<void> {
    await this.#practises(this.the('clinician'), DISCIPLINE_OF.clinician);
    for (const [who, account] of Object.entries(HIRED) as [
      keyof typeof HIRED,
      (typeof HIRED)[keyof typeof HIRED],
    ][]) {
      this.#people.set(who, await this.hire(emailOf(who), { ...account, discipline: DISCIPLINE_OF[who] }));
    }
  }

  async #practises({ accountId: staffId }: SignedInClient, discipline: string): Promise<void> {
    await done(
      this.the('admin'),
      { verb: 'recordStaffDiscipline', wanted: 'StaffDiscipline { id }' },
      { staffId, discipline, effectiveFrom: SINCE },
    );
  }

  /** Fluoroscopy is an exposure: whoever performs a block is entitled to acquire images. */
  async #entitle(): Promise<void> {
    const today = Temporal.PlainDate.from(this.today());
    await done(
      this.the('manager'),
      { verb: 'entitleStaff', wanted: 'StaffEntitled { __typename }' },
      {
        ...{
          staffId: this.the('clinician').accountId,
          acts: ['ACQUIRE_IMAGES'],
          validFrom: today.toString(),
        },
        ...{ reviewOn: today.add({ years: 2 }).toString(), evidence: 'Course in fluoroscopy.' },
      },
    );
  }

  async #publishWording(): Promise<void> {
    const manager = this.the('manager');
    const proposal = await done<{ id: string; sha256: string }>(
      manager,
      { verb: 'proposeConsentWording', wanted: 'ConsentWordingProposal { id sha256 }' },
      {
        ...{ purpose: 'PROCEDURE', version: 'team-1', locale: 'en-GB', text: WORDING },
        reason: 'For procedures.',
      },
    );
    await done(
      manager,
      { verb: 'publishConsentWording', wanted: 'ConsentWording { id }' },
      { proposalId: proposal.id, sha256: proposal.sha256 },
    );
  }
}

/** Somebody of the clinic's directory of referrers. */
export async function referrerCalled(
  client: SignedInClient,
  name: string,
): Promise<{ readonly id: string; readonly email: string }> {
  const { referrers } = await client.ask<{
    referrers: { items: { id: string; name: string; email: string }[] };
  }>('{ referrers { items { id name email } } }');
  return first(
    referrers.items.filter((one) => one.name === name),
    `referrer ${name}`,
  );
}
