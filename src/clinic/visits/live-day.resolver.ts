import { Inject } from '@nestjs/common';
import { Args, Resolver, Subscription } from '@nestjs/graphql';
import { LocalDate } from '../../platform/graphql/scalars.js';
import { Allow, Permission } from '../auth/permission.type.js';
import { LiveDayService } from './live-day.service.js';
import { DayChange } from './live-day.type.js';

@Resolver()
export class LiveDayResolver {
  constructor(@Inject(LiveDayService) private readonly days: LiveDayService) {}

  @Allow(Permission.READ_VISIT)
  @Subscription(() => DayChange, {
    description:
      'Tells when a visit comes to a day, changes on it or leaves it, when a hold on it ends by itself, and when something is opened or closed on it, in whichever process it was changed. Nothing of before is told, so ask for the board when it has begun. Of several changes of one visit that could not be sent yet, the last is. Ends with an error when the session ends or the role is taken away. Needs READ_VISIT.',
  })
  dayChanged(
    @Args('date', { type: () => LocalDate, description: 'The day on the clinic’s calendar.' }) date: string,
    @Args('siteCode', {
      type: () => String,
      nullable: true,
      description: 'Only changes at this site, by its code. Left out: at any.',
    })
    siteCode: string | null,
  ) {
    return this.days.changesOf(date, siteCode ?? null);
  }
}
