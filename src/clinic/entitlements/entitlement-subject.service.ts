import { Inject, Injectable } from '@nestjs/common';
import { badInput, notFound } from '../../platform/refusal/refusal.js';
import { StaffService } from '../auth/staff.service.js';
import { SiteService } from '../scheduling/site.service.js';
import { VisitTypeService } from '../scheduling/visit-type.service.js';

/** What licences and entitlements are about, as the rooms before know it: people, sites, kinds of visits. */
@Injectable()
export class EntitlementSubjectService {
  constructor(
    @Inject(StaffService) private readonly staff: StaffService,
    @Inject(SiteService) private readonly sites: SiteService,
    @Inject(VisitTypeService) private readonly visitTypes: VisitTypeService,
  ) {}

  /** Throws NOT_FOUND for somebody without an account, BAD_INPUT for one whose account is closed. */
  async mustHaveStaff(staffId: string): Promise<void> {
    const account = (await this.staff.staffAccounts()).find(({ id }) => id === staffId);
    if (account === undefined) throw notFound('staff account');
    if (account.disabledAt !== null) throw badInput('staffId: this account is closed.');
  }

  /** Those codes; throws BAD_INPUT for one that there is not. */
  async mustHaveProcedures(codes: readonly string[]): Promise<string[]> {
    if (codes.length === 0) return [];
    return allOf(codes, await this.visitTypes.visitTypes(), 'procedureCodes');
  }

  async mustHaveSites(codes: readonly string[]): Promise<string[]> {
    if (codes.length === 0) return [];
    return allOf(codes, await this.sites.sites(), 'siteCodes');
  }
}

function allOf(
  codes: readonly string[],
  known: readonly { readonly code: string }[],
  field: string,
): string[] {
  const strange = codes.filter((code) => !known.some((each) => each.code === code));
  if (strange.length > 0) throw badInput(`${field}: nothing here has the code ${strange.join(', ')}.`);
  return [...codes];
}
