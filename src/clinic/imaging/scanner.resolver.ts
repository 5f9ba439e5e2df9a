import { Inject, ParseUUIDPipe } from '@nestjs/common';
import { Args, ID, Mutation, Query, Resolver } from '@nestjs/graphql';
import type { StaffActor } from '../audit/audit.type.js';
import { Allow, CurrentActor, Permission } from '../auth/permission.type.js';
import {
  ConnectScannerInput,
  ConnectScannerResult,
  RetireScannerResult,
  ReviseScannerInput,
  ReviseScannerResult,
  Scanner,
} from './scanner.type.js';
import { ScannerSetupService } from './scanner-setup.service.js';

@Resolver(() => Scanner)
export class ScannerResolver {
  constructor(@Inject(ScannerSetupService) private readonly setup: ScannerSetupService) {}

  @Allow(Permission.READ_SCAN)
  @Query(() => [Scanner], { description: 'The scanners that may call, by name. Needs READ_SCAN.' })
  scanners() {
    return this.setup.scanners();
  }

  @Allow(Permission.READ_SCAN)
  @Query(() => Scanner, {
    description: 'One scanner with its profile, also when it may no longer call. Needs READ_SCAN.',
  })
  scanner(@Args('id', { type: () => ID, description: 'Which scanner.' }, ParseUUIDPipe) id: string) {
    return this.setup.scanner(id);
  }

  @Allow(Permission.MANAGE_SCANNERS)
  @Mutation(() => ConnectScannerResult, {
    description:
      'Lets a scanner call, and puts the bookings of its camera on its worklist. Takes effect with the next association. Needs MANAGE_SCANNERS.',
  })
  connectScanner(
    @CurrentActor() actor: StaffActor,
    @Args('input', { type: () => ConnectScannerInput, description: 'Who may call, and how to answer.' })
    input: ConnectScannerInput,
  ) {
    return this.setup.connectScanner(actor, input);
  }

  @Allow(Permission.MANAGE_SCANNERS)
  @Mutation(() => ReviseScannerResult, {
    description:
      'Gives a scanner another profile: who may call, and how to answer. Takes effect with the next association, without a restart; bookings appear under the new station and modalities at once. Needs MANAGE_SCANNERS.',
  })
  reviseScanner(
    @CurrentActor() actor: StaffActor,
    @Args('input', { type: () => ReviseScannerInput, description: 'What is to be different.' })
    input: ReviseScannerInput,
  ) {
    return this.setup.reviseScanner(actor, input);
  }

  @Allow(Permission.MANAGE_SCANNERS)
  @Mutation(() => RetireScannerResult, {
    description:
      'A scanner may no longer call. Refused while visits to come are booked on its camera and no other scanner stands there. Needs MANAGE_SCANNERS.',
  })
  retireScanner(
    @CurrentActor() actor: StaffActor,
    @Args('id', { type: () => ID, description: 'Which scanner.' }, ParseUUIDPipe) id: string,
  ) {
    return this.setup.retireScanner(actor, id);
  }
}
