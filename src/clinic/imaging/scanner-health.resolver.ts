import { Inject, ParseUUIDPipe } from '@nestjs/common';
import { Args, ID, Query, Resolver } from '@nestjs/graphql';
import { Allow, Permission } from '../auth/permission.type.js';
import { ScannerHealthService } from './scanner-health.service.js';
import { ScannerHealth } from './scanner-health.type.js';

@Resolver(() => ScannerHealth)
export class ScannerHealthResolver {
  constructor(@Inject(ScannerHealthService) private readonly health: ScannerHealthService) {}

  @Allow(Permission.READ_SCAN)
  @Query(() => [ScannerHealth], {
    description:
      'How the scanners that may call are: when each was last heard, what became of it, and what Facet’s own query through the scanner port found. By name. Needs READ_SCAN.',
  })
  scannerHealth(
    @Args(
      'scannerId',
      { type: () => ID, nullable: true, description: 'Only this scanner; left out: all.' },
      new ParseUUIDPipe({ optional: true }),
    )
    scannerId?: string | null,
  ) {
    return this.health.scannerHealth(scannerId ?? null);
  }
}
