import { Inject, ParseUUIDPipe } from '@nestjs/common';
import { Args, ID, Mutation, Parent, Query, ResolveField, Resolver } from '@nestjs/graphql';
import { CurrentRequest, type RequestContext } from '../../platform/graphql/request-context.js';
import { requestLoader } from '../../platform/graphql/request-loader.js';
import type { StaffActor } from '../audit/audit.type.js';
import { Allow, CurrentActor, Permission } from '../auth/permission.type.js';
import { ScanBooking } from '../imaging/scan-booking.type.js';
import { type Booker, CurrentBooker } from '../visits/booker.type.js';
import { AdministrationService } from './administration.service.js';
import { Administration } from './administration.type.js';
import { AdministrationAddendumService } from './administration-addendum.service.js';
import {
  CorrectAdministrationInput,
  RecordResidualInput,
  VoidAdministrationInput,
} from './administration-addendum.type.js';
import { RecordAdministrationInput, ReportAdministrationInput } from './administration-entry.type.js';
import { AdministrationRecordService } from './administration-record.service.js';
import {
  CorrectAdministrationResult,
  RecordAdministrationResult,
  RecordResidualResult,
  ReportAdministrationOutsideGatesResult,
  VoidAdministrationResult,
} from './administration-result.type.js';

const GIVEN = Symbol('administrations by scan booking');

@Resolver(() => Administration)
export class AdministrationResolver {
  constructor(
    @Inject(AdministrationService) private readonly administrations: AdministrationService,
    @Inject(AdministrationAddendumService) private readonly addenda: AdministrationAddendumService,
    @Inject(AdministrationRecordService) private readonly records: AdministrationRecordService,
  ) {}

  @Allow(Permission.READ_ADMINISTRATION)
  @Query(() => Administration, {
    description:
      'One injection with every entry of its record. Needs READ_ADMINISTRATION; the look is recorded.',
  })
  administration(
    @CurrentActor() actor: StaffActor,
    @Args('id', { type: () => ID, description: 'Id of the administration.' }, ParseUUIDPipe) id: string,
  ) {
    return this.records.administration(actor, id);
  }

  @Allow(Permission.RECORD_ADMINISTRATION)
  @Mutation(() => RecordAdministrationResult, {
    description:
      'Records an injection that was given for a scan; the operator is who is signed in. Every gate of the injection is judged as it stood at that moment, and a closed hard one refuses with what to do. The net activity in MBq is computed by decay. What was left in the syringe can follow with recordResidual. With an `Idempotency-Key` it is done once. Needs RECORD_ADMINISTRATION.',
  })
  recordAdministration(
    @CurrentBooker() booker: Booker,
    @Args('input', { type: () => RecordAdministrationInput, description: 'What was given, when and how.' })
    input: RecordAdministrationInput,
  ) {
    return this.administrations.recordAdministration(booker, input);
  }

  @Allow(Permission.RECORD_ADMINISTRATION)
  @Mutation(() => ReportAdministrationOutsideGatesResult, {
    description:
      'Puts on record an injection that was given although a hard gate was closed, with the gates that were and how it came about. It opens no gate; raise an incident as well. Refused when no gate was closed. With an `Idempotency-Key` it is done once. Needs RECORD_ADMINISTRATION.',
  })
  reportAdministrationOutsideGates(
    @CurrentBooker() booker: Booker,
    @Args('input', {
      type: () => ReportAdministrationInput,
      description: 'What was given, when and how, and how it came about.',
    })
    input: ReportAdministrationInput,
  ) {
    return this.administrations.reportAdministrationOutsideGates(booker, input);
  }

  @Allow(Permission.RECORD_ADMINISTRATION)
  @Mutation(() => RecordResidualResult, {
    description:
      'Adds what was left in the syringe to an injection that was recorded without; the net activity in MBq is computed anew. With an `Idempotency-Key` it is done once. Needs RECORD_ADMINISTRATION.',
  })
  recordResidual(
    @CurrentBooker() booker: Booker,
    @Args('input', { type: () => RecordResidualInput, description: 'How much was left, and when.' })
    input: RecordResidualInput,
  ) {
    return this.addenda.recordResidual(booker, input);
  }

  @Allow(Permission.RECORD_ADMINISTRATION)
  @Mutation(() => CorrectAdministrationResult, {
    description:
      'Puts something right in the record of an injection, with the reason, as an addendum: every entry before it stays. Gates that were closed at the time that is now said are kept with it. With an `Idempotency-Key` it is done once. Needs RECORD_ADMINISTRATION.',
  })
  correctAdministration(
    @CurrentBooker() booker: Booker,
    @Args('input', { type: () => CorrectAdministrationInput, description: 'What to put right, and why.' })
    input: CorrectAdministrationInput,
  ) {
    return this.addenda.correctAdministration(booker, input);
  }

  @Allow(Permission.RECORD_ADMINISTRATION)
  @Mutation(() => VoidAdministrationResult, {
    description:
      'Takes the record of an injection back, with the reason, as an addendum: every entry of it stays. The dose goes back to its batch and the scan counts as not injected. With an `Idempotency-Key` it is done once. Needs RECORD_ADMINISTRATION.',
  })
  voidAdministration(
    @CurrentBooker() booker: Booker,
    @Args('input', { type: () => VoidAdministrationInput, description: 'Which, and why.' })
    input: VoidAdministrationInput,
  ) {
    return this.addenda.voidAdministration(booker, input);
  }
}

/** From a scan to its injections: the room that owns them adds the field. */
@Resolver(() => ScanBooking)
export class ScanAdministrationsResolver {
  constructor(@Inject(AdministrationRecordService) private readonly records: AdministrationRecordService) {}

  @Allow(Permission.READ_ADMINISTRATION)
  @ResolveField(() => [Administration], {
    description:
      'Its injections, the first one first, those that were taken back too. Needs READ_ADMINISTRATION. The look at the booking covers it.',
  })
  async administrations(@Parent() booking: ScanBooking, @CurrentRequest() request: RequestContext) {
    const loader = requestLoader(request, GIVEN, (ids) => this.records.known(ids));
    return (await loader.load(booking.id)) ?? [];
  }
}
