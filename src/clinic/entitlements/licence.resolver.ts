import { Inject } from '@nestjs/common';
import { Args, Mutation, Query, Resolver } from '@nestjs/graphql';
import type { StaffActor } from '../audit/audit.type.js';
import { Allow, CurrentActor, Permission } from '../auth/permission.type.js';
import { LicenceService } from './licence.service.js';
import {
  EndLicenceInput,
  EndLicenceResult,
  Licence,
  LicenceFilterInput,
  RecordEmployerLicenceInput,
  RecordLicenceRenewalInput,
  RecordLicenceRenewalResult,
  RecordLicenceResult,
  RecordPractitionerLicenceInput,
} from './licence.type.js';
import { LicencePolicyService } from './licence-policy.service.js';
import { LicencePolicy, SetLicencePolicyInput, SetLicencePolicyResult } from './licence-policy.type.js';

const FILTER = {
  nullable: true,
  description: 'Which ones. Left out: all that hold now or will.',
} as const;

@Resolver(() => Licence)
export class LicenceResolver {
  constructor(
    @Inject(LicenceService) private readonly licenceService: LicenceService,
    @Inject(LicencePolicyService) private readonly policies: LicencePolicyService,
  ) {}

  @Allow(Permission.READ_ENTITLEMENT)
  @Query(() => [Licence], {
    description:
      'The employer’s licences, those that end first at the top; at most 500. Needs READ_ENTITLEMENT.',
  })
  employerLicences(
    @Args('filter', { ...FILTER, type: () => LicenceFilterInput }) filter?: LicenceFilterInput,
  ) {
    return this.licenceService.licences('EMPLOYER', filter ?? {});
  }

  @Allow(Permission.READ_ENTITLEMENT)
  @Query(() => [Licence], {
    description:
      'Practitioners’ licences, those that end first at the top; at most 500. Needs READ_ENTITLEMENT.',
  })
  practitionerLicences(
    @Args('filter', { ...FILTER, type: () => LicenceFilterInput }) filter?: LicenceFilterInput,
  ) {
    return this.licenceService.licences('PRACTITIONER', filter ?? {});
  }

  @Allow(Permission.READ_ENTITLEMENT)
  @Query(() => [Licence], {
    description:
      'Licences whose renewal somebody has to see to: due, late, applied for and not yet there, or expired within the last year. Those that end first at the top. Needs READ_ENTITLEMENT.',
  })
  licencesToRenew() {
    return this.licenceService.licencesToRenew();
  }

  @Allow(Permission.MANAGE_ENTITLEMENTS)
  @Mutation(() => RecordLicenceResult, {
    description:
      'Records the employer’s licence for a site; the clinic will be reminded of its renewal. Refused as LicenceAlreadyRecorded. Needs MANAGE_ENTITLEMENTS.',
  })
  recordEmployerLicence(
    @CurrentActor() actor: StaffActor,
    @Args('input', { description: 'The licence.' }) input: RecordEmployerLicenceInput,
  ) {
    return this.licenceService.recordEmployerLicence(actor, input);
  }

  @Allow(Permission.MANAGE_ENTITLEMENTS)
  @Mutation(() => RecordLicenceResult, {
    description:
      'Records a practitioner’s licence; the clinic will be reminded of its renewal. Refused as LicenceAlreadyRecorded. Needs MANAGE_ENTITLEMENTS.',
  })
  recordPractitionerLicence(
    @CurrentActor() actor: StaffActor,
    @Args('input', { description: 'The licence.' }) input: RecordPractitionerLicenceInput,
  ) {
    return this.licenceService.recordPractitionerLicence(actor, input);
  }

  @Allow(Permission.MANAGE_ENTITLEMENTS)
  @Mutation(() => EndLicenceResult, {
    description:
      'Ends a licence before its time. From that day on nothing is administered under it. Refused as LicenceAlreadyEnded or LicenceNotInTerm. Needs MANAGE_ENTITLEMENTS.',
  })
  endLicence(
    @CurrentActor() actor: StaffActor,
    @Args('input', { description: 'Which, from which day on, and why.' }) input: EndLicenceInput,
  ) {
    return this.licenceService.endLicence(actor, input);
  }

  @Allow(Permission.MANAGE_ENTITLEMENTS)
  @Mutation(() => RecordLicenceRenewalResult, {
    description:
      'Records that the renewal of a licence was applied for. Refused as LicenceRenewalAlreadyRecorded or LicenceAlreadyEnded. Needs MANAGE_ENTITLEMENTS.',
  })
  recordLicenceRenewal(
    @CurrentActor() actor: StaffActor,
    @Args('input', { description: 'The application.' }) input: RecordLicenceRenewalInput,
  ) {
    return this.licenceService.recordLicenceRenewal(actor, input);
  }

  @Allow(Permission.READ_ENTITLEMENT)
  @Query(() => [LicencePolicy], {
    description:
      'How long before their end licences are renewed, past rows and those to come too. Needs READ_ENTITLEMENT.',
  })
  licencePolicies() {
    return this.policies.licencePolicies();
  }

  @Allow(Permission.MANAGE_ENTITLEMENTS)
  @Mutation(() => SetLicencePolicyResult, {
    description:
      'Sets how long before their end licences are renewed, from a day on. Refused as LicencePolicyAlreadySet or LicencePolicyInThePast. Needs MANAGE_ENTITLEMENTS.',
  })
  setLicencePolicy(
    @CurrentActor() actor: StaffActor,
    @Args('input', { description: 'The new weeks.' }) input: SetLicencePolicyInput,
  ) {
    return this.policies.setLicencePolicy(actor, input);
  }
}
