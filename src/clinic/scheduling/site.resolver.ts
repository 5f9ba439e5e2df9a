import { Inject } from '@nestjs/common';
import { Args, Mutation, Query, Resolver } from '@nestjs/graphql';
import type { StaffActor } from '../audit/audit.type.js';
import { Allow, CurrentActor, Permission } from '../auth/permission.type.js';
import { SiteService } from './site.service.js';
import { AddSiteInput, AddSiteResult, RetireSiteInput, RetireSiteResult, Site } from './site.type.js';

@Resolver()
export class SiteResolver {
  constructor(@Inject(SiteService) private readonly service: SiteService) {}

  @Allow(Permission.READ_SCHEDULE)
  @Query(() => [Site], {
    description: 'Where the clinic works, by code, sites that are given up too. Needs READ_SCHEDULE.',
  })
  sites() {
    return this.service.sites();
  }

  @Allow(Permission.MANAGE_SCHEDULE)
  @Mutation(() => AddSiteResult, { description: 'Adds a site. Needs MANAGE_SCHEDULE.' })
  addSite(
    @CurrentActor() actor: StaffActor,
    @Args('input', { description: 'The site.' }) input: AddSiteInput,
  ) {
    return this.service.addSite(actor, input);
  }

  @Allow(Permission.MANAGE_SCHEDULE)
  @Mutation(() => RetireSiteResult, {
    description:
      'Gives a site up from a day on. Refused while anything there can be booked on that day or later. Needs MANAGE_SCHEDULE.',
  })
  retireSite(
    @CurrentActor() actor: StaffActor,
    @Args('input', { description: 'Which site, from when.' }) input: RetireSiteInput,
  ) {
    return this.service.retireSite(actor, input);
  }
}
